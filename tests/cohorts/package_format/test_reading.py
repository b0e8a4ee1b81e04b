"""A package is either read whole or refused with every fault."""

import json

import pytest

from cohorts.package_format import CohortPackage, PackageRefused, read_package, write_package
from cohorts.package_format.countries import COUNTRY_CODES
from tests.cohorts.package_format.packages import CODES, as_bytes, real_codes, real_package, set_at, small_package


def faults_in(package) -> dict[str, str]:
    with pytest.raises(PackageRefused) as refusal:
        read_package(package if isinstance(package, bytes) else as_bytes(package), CODES)
    return {fault.path: fault.sentence for fault in refusal.value.faults}


def only_fault(package) -> tuple[str, str]:
    (fault,) = faults_in(package).items()
    return fault


@pytest.mark.parametrize("name", ["cohort-1", "cohort-4"])
def test_real_packages_are_read_and_written_byte_for_byte(name):
    data = real_package(name)
    assert write_package(read_package(data, real_codes())) == data


def test_small_package_keeps_every_fact():
    package = read_package(as_bytes(small_package()), CODES)
    assert json.loads(write_package(package)) == small_package()


def test_keys_that_are_left_out_are_known_as_not_stated():
    package = small_package()
    del package["hosts"][0]["summary"], package["cities"][0]["population"]
    read = read_package(as_bytes(package), CODES)
    assert "summary" not in read.hosts[0].model_fields_set
    assert "population" not in read.cities[0].model_fields_set
    assert "population" in read.cities[1].model_fields_set


def test_byte_order_mark_is_tolerated():
    assert isinstance(read_package(b"\xef\xbb\xbf" + as_bytes(small_package()), CODES), CohortPackage)


def test_all_faults_are_reported_at_once():
    package = small_package()
    package["cities"][0]["latitude"] = 99
    package["hosts"][0]["capacity"] = {"minimum": 4, "maximum": 1}
    package["hosts"][0]["colour"] = "red"
    package["twins"][0]["city"] = "nowhere"
    assert list(faults_in(package)) == [  # in the order of the file
        "cities[0].latitude",
        "hosts[0].colour",
        "hosts[0].capacity",
        "twins[0].city",
        "pairings[0].twin",
    ]


@pytest.mark.parametrize(
    ("steps", "value", "path", "sentence"),
    [
        (("cohort", "call_opens_on"), "2024-02-31", None, 'There is no day "2024-02-31"; correct the date.'),
        (
            ("cohort", "call_opens_on"),
            "20260110",
            None,
            'This must be a date such as "2024-05-31", but it is the text "20260110".',
        ),
        (
            ("cohort", "announced_on"),
            "0001-01-01",
            None,
            "The year 1 cannot be right; it must lie between 1990 and 2100.",
        ),
        (
            ("cohort", "call_closes_on"),
            "2026-01-09",
            None,
            'The call closes before it opens ("2026-01-10"); correct one of the two.',
        ),
        (
            ("cohort", "starts"),
            "2026-13",
            None,
            'This must be a year and month such as "2024-09", but it is the text "2026-13".',
        ),
        (
            ("cohort", "ends"),
            "2026-05",
            None,
            'The cohort must end after it starts ("2026-05"); correct one of the two.',
        ),
        (
            ("cohort", "length_months"),
            True,
            None,
            "This must be a whole number without quotation marks, but it is true.",
        ),
        (
            ("cohort", "length_months"),
            18.5,
            None,
            "This must be a whole number without quotation marks, but it is the number 18.5.",
        ),
        (("cities", 0, "id"), "../../etc", None, None),
        (("cities", 0, "country"), "UK", None, '"UK" is no ISO 3166 country code; write "GB".'),
        (
            ("cities", 0, "country"),
            "ZZ",
            None,
            '"ZZ" is no ISO 3166 country code; write the two capital letters, for example "FI".',
        ),
        (("cities", 0, "name"), " ", None, "This must not be blank; write what it is called, or what it says."),
        (
            ("cities", 0, "name"),
            "x" * 161,
            None,
            "This text has 161 characters; at most 160 can be kept, so shorten it.",
        ),
        (("cities", 0, "name"), "A\x00B", None, "This text holds a null character; remove it."),
        (("cities", 0, "name"), "A\nB", None, 'This text holds the control character "\\n"; remove it.'),
        (
            ("cities", 0, "name"),
            "\ud83d",
            None,
            "This text holds half of a surrogate pair (such as \\ud83d alone); write the character itself.",
        ),
        (("cities", 0, "latitude"), 90.1, None, "This must be at most 90, but it is the number 90.1."),
        (("cities", 0, "longitude"), float("nan"), None, "This must be a finite number, but it is no finite number."),
        (("cities", 0, "longitude"), None, None, "There is a latitude but no longitude; give both or neither."),
        (("cities", 0, "population"), -1, None, "This must be at least 0, but it is the number -1."),
        (("hosts", 0, "cities"), ["lahti", "lahti"], None, '"lahti" stands here more than once; keep one of them.'),
        (
            ("hosts", 0, "domains"),
            ["mobility-transprt"],
            "hosts[0].domains[0]",
            (
                '"mobility-transprt" is no code of the vocabulary of domains; use one that is, or add it there first.'
                ' Did you mean "mobility-transport"?'
            ),
        ),
        (
            ("hosts", 0, "capacity", "minimum"),
            4,
            "hosts[0].capacity",
            "The minimum (4) is above the maximum (3); turn them round.",
        ),
        (
            ("hosts", 0, "sumary"),
            "",
            None,
            'This key is not known; remove it or correct its spelling. Did you mean "summary"?',
        ),
        (
            ("pairings", 0, "host"),
            "c9-lathi",
            None,
            'There is no host "c9-lathi" in hosts; add it there or correct the id. Did you mean "c9-lahti"?',
        ),
        (("twins",), {}, None, 'This must be a list, beginning with "[" and ending with "]", but it is an object.'),
        (
            ("cohort",),
            None,
            None,
            'This must be an object, beginning with "{" and ending with "}", but it is nothing (null).',
        ),
    ],
)
def test_fault_names_the_place_and_what_to_do(steps, value, path, sentence):
    found = faults_in(set_at(small_package(), steps, value))
    expected = path or "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in steps).lstrip(".")
    assert expected in found
    if sentence:
        assert found[expected] == sentence


def test_doubled_rows_name_the_first_one():
    package = small_package()
    package["cities"].append(package["cities"][0])
    package["pairings"].append(package["pairings"][0])
    assert faults_in(package) == {
        "cities[2].id": '"lahti" stands in cities[0] already; every id may occur once, so remove one.',
        "pairings[1].twin": '"pristina" stands in pairings[0] already; every twin may occur once, so remove one.',
    }


def test_host_may_have_no_city_but_not_ten():
    package = small_package()
    package["hosts"][0]["cities"] = []
    assert read_package(as_bytes(package), CODES).hosts[0].cities == []
    package["cities"] += [{**package["cities"][0], "id": f"city-{n}"} for n in range(10)]
    package["hosts"][0]["cities"] = [f"city-{n}" for n in range(10)]
    assert only_fault(package) == ("hosts[0].cities", "This list has 10 entries; at most 9 are possible.")


def test_missing_part_is_named():
    package = small_package()
    del package["hosts"], package["cohort"]["title"]
    found = faults_in(package)
    assert found["hosts"] == 'This is missing; add the key "hosts".'
    assert found["cohort.title"] == 'This is missing; add the key "title".'


def test_other_format_is_refused_for_that_alone():
    assert only_fault({**small_package(), "format": "twinning-cohort/2", "surprise": 1}) == (
        "format",
        'This must be "twinning-cohort/1"; other formats cannot be read.',
    )
    assert only_fault({}) == ("format", 'This is missing; a cohort package begins with "format": "twinning-cohort/1".')


@pytest.mark.parametrize(
    ("data", "beginning"),
    [
        (b"", "The file is empty"),
        (b" \n", "The file is empty"),
        (b"null", "A package is one JSON object"),
        (b"[]", "A package is one JSON object"),
        (b"PK\x03\x04", "This is not valid JSON at line 1, column 1"),
        (b'{"format": ', "The file ends too early (line 1, column 12)"),
        (b'{"a": 1}\nx', "This is not valid JSON at line 2, column 1"),
        (b'{\n"a": "\xff"}', "Byte 9 (line 2) is not UTF-8"),
        (b'{"a": ' + b"[" * 200_000, "Lists and objects lie more than 12 levels deep"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "A number in the file has too many digits"),
        (b'{"a": "' + b"x" * 20 * 1024 * 1024 + b'"}', "The file is larger than 20 MB"),
    ],
)
def test_file_that_is_no_package_is_one_clear_fault(data, beginning):
    path, sentence = only_fault(data)
    assert path == "(file)"
    assert sentence.startswith(beginning)


def test_key_written_twice_is_refused_where_it_stands():
    data = as_bytes(small_package()).replace(b'"minimum": 0', b'"minimum": 0, "minimum": 1')
    assert only_fault(data) == (
        "hosts[0].capacity.minimum",
        "This key stands more than once in the same object; keep one of them.",
    )


def test_nesting_that_json_can_read_is_refused_all_the_same():
    deep = []
    for _ in range(100):
        deep = [deep]
    assert next(iter(faults_in({**small_package(), "twins": deep}).values())).startswith(
        "Lists and objects lie more than 12"
    )


def test_rubbish_without_end_is_counted_up_to_a_limit():
    with pytest.raises(PackageRefused) as refusal:
        read_package(as_bytes({**small_package(), "cities": [1] * 20_000}), CODES)
    assert len(refusal.value.faults) == 10_000
    assert refusal.value.lines(200)[200:] == ["... and 9800 more at least; mend these first."]


def test_countries_are_those_of_iso_3166_and_kosovo():
    from django_countries.data import COUNTRIES

    assert COUNTRY_CODES - {"XK"} == set(COUNTRIES)
