"""Whatever happens to a package, it is read or refused, never an exception."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from cohorts.package_format import CohortPackage, Fault, PackageRefused, read_package, write_package
from tests.cohorts.package_format.packages import CODES, as_bytes, set_at, small_package, steps_in

PLACES = steps_in(small_package())
ROWS = [steps for steps in PLACES if len(steps) == 2 and isinstance(steps[1], int)]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def check(data: bytes) -> None:
    package, faults = read(data)
    if package:
        written = write_package(package)
        assert write_package(read_package(written, CODES)) == written
        return
    assert faults
    for fault in faults:
        assert fault.path
        assert fault.sentence[0].isupper() or fault.sentence[0] == '"', fault.sentence
        assert fault.sentence[-1] in ".?", fault.sentence
        str(fault).encode()


def read(data: bytes) -> tuple[CohortPackage | None, tuple[Fault, ...]]:
    try:
        return read_package(data, CODES), ()
    except PackageRefused as refusal:
        return None, refusal.faults


@settings(max_examples=300)
@given(places=st.lists(st.tuples(st.sampled_from(PLACES), json_values), min_size=1, max_size=3))
def test_values_put_anywhere_are_accepted_or_refused(places):
    package = small_package()
    for steps, value in places:
        try:
            package = set_at(package, steps, value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took that place away
    check(as_bytes(package))


@settings(max_examples=100)
@given(steps=st.sampled_from([steps for steps in PLACES if steps]))
def test_anything_left_out_is_accepted_or_refused(steps):
    package = small_package()
    place = package
    for step in steps[:-1]:
        place = place[step]
    del place[steps[-1]]
    check(as_bytes(package))


@settings(max_examples=100)
@given(data=st.data())
def test_rows_repeated_or_moved_are_accepted_or_refused(data):
    package = small_package()
    for _ in range(data.draw(st.integers(1, 4))):
        part, index = data.draw(st.sampled_from(ROWS))
        package[part].insert(data.draw(st.integers(0, len(package[part]))), package[part][index])
    check(as_bytes(package))


@settings(max_examples=200)
@given(data=st.data())
def test_files_cut_or_overwritten_are_accepted_or_refused(data):
    whole = json.dumps(small_package(), indent=1).encode()
    start = data.draw(st.integers(0, len(whole)))
    check(whole[:start] + data.draw(st.binary(max_size=6)) + whole[data.draw(st.integers(start, len(whole))) :])


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused(noise):
    check(noise)
