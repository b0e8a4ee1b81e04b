"""Importing and exporting cohort packages: all or nothing, nothing twice, nothing lost."""

import datetime
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.models import City, Cohort, Host, HostCity, Hosting, Pairing, Participation, Term, Vocabulary
from cohorts.package_format import PackageRefused, read_package
from cohorts.selectors.package_plan import plan_import
from cohorts.selectors.packages import package_of
from cohorts.services.packages import export_package, import_package, usable_codes
from cohorts.states import Confidence, PairingState
from tests.cohorts.package_format.packages import as_bytes, real_package, set_at, small_package
from tests.factories.cohorts import CityFactory, CityNameFactory, HostingFactory, PairingFactory, ProgrammeFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


def read(package):
    return read_package(package if isinstance(package, bytes) else as_bytes(package), usable_codes())


def bring(package, **kwargs):
    return import_package(read(package), by=None, now=NOW, **kwargs)


def changes(plan) -> dict[str, dict[str, tuple]]:
    return {
        f"{entry.part} {entry.id}": {change.field: (change.before, change.after) for change in entry.changes}
        for entry in plan.touched
    }


def forget_everything():
    for model in (Pairing, Participation, Hosting, HostCity, Host, City, Cohort):
        model.objects.all().delete()


@pytest.mark.parametrize("name", ["cohort-1", "cohort-4"])
def test_real_cohort_comes_out_byte_for_byte_as_it_went_in(name):
    bring(real_package(name))
    assert export_package(Cohort.objects.get(slug=name)) == real_package(name)


def test_real_cohorts_share_their_cities_and_do_not_disturb_each_other():
    bring(real_package("cohort-1"))
    plan = bring(real_package("cohort-4"))
    assert next(row for row in plan.counts if row["part"] == "cities") == {
        "part": "cities",
        "created": 6,
        "changed": 0,
        "unchanged": 11,
    }
    assert export_package(Cohort.objects.get(slug="cohort-1")) == real_package("cohort-1")


def test_export_imports_into_an_empty_database_and_exports_the_same_again():
    package = small_package()
    package["cities"].reverse()  # not in canonical order
    package["hosts"][0]["offers"] = ["b", "a"]
    bring(package)
    first = export_package(Cohort.objects.get())
    forget_everything()
    bring(first)
    assert export_package(Cohort.objects.get()) == first
    assert [city["id"] for city in json.loads(first)["cities"]] == ["lahti", "pristina"]


def test_second_import_changes_and_writes_nothing():
    bring(small_package())
    stamp = City.objects.get(slug="lahti").updated_at
    plan = bring(small_package())
    assert not plan.has_changes
    assert plan.totals == {"created": 0, "changed": 0, "unchanged": 6}
    assert City.objects.get(slug="lahti").updated_at == stamp
    assert JournalEntry.objects.count() == 1


def test_import_is_one_journal_line_with_the_counts():
    somebody = UserFactory(administrator=True)
    import_package(read(small_package()), by=somebody, now=NOW)
    (line,) = JournalEntry.objects.all()
    assert line.verb == "cohorts.package.imported"
    assert (line.by, line.at) == (somebody, NOW)
    assert line.data == {"created": 6, "changed": 0, "unchanged": 0}


def test_what_an_import_changes_says_so_on_its_own_page():
    bring(small_package())
    package = small_package()
    set_at(package, ("cities", 0, "population"), 5)
    set_at(package, ("hosts", 0, "capacity", "maximum"), 5)
    set_at(package, ("twins", 0, "status"), "confirmed")
    set_at(package, ("pairings", 0, "note"), "seen twice")
    before = small_package()["cities"][0]["population"]
    somebody = UserFactory(administrator=True)

    import_package(read(package), by=somebody, now=NOW)

    lines = JournalEntry.objects.filter(verb="cohorts.package.changed").order_by("pk")
    assert [(line.object_type, line.data["changes"]) for line in lines] == [
        ("cohorts.city", f"population {before} → 5"),
        ("cohorts.host", "capacity.maximum 3 → 5"),
        ("cohorts.participation", "status selected → confirmed"),
        ("cohorts.pairing", "note nothing → seen twice"),
    ]
    assert {line.by for line in lines} == {somebody}


def test_a_second_cohort_with_the_same_host_is_no_change_of_the_host():
    bring(small_package())
    other = small_package()
    set_at(other, ("cohort", "id"), "cohort-10")
    bring(other)
    assert not JournalEntry.objects.filter(verb="cohorts.package.changed").exists()


def test_imported_pairing_is_announced_history_with_confidence_and_source():
    bring(small_package())
    pairing = Pairing.objects.get()
    assert pairing.state == PairingState.ANNOUNCED
    assert pairing.announced_at == NOW
    assert pairing.confidence == Confidence.PUBLISHED
    assert pairing.source == "https://example.org"
    assert pairing.confirmed_by is None


def test_each_change_is_reported_with_before_and_after_and_applied():
    bring(small_package())
    package = small_package()
    set_at(package, ("cohort", "counts", "selected"), 3)
    set_at(package, ("cities", 0, "name"), "Lahtis")
    set_at(package, ("hosts", 0, "capacity", "maximum"), 5)
    set_at(package, ("hosts", 0, "cities"), ["pristina", "lahti"])
    set_at(package, ("hosts", 0, "levers"), ["governance-policy"])
    set_at(package, ("hosts", 0, "levers_inferred"), [])
    set_at(package, ("twins", 0, "status"), "confirmed")
    set_at(package, ("pairings", 0, "note"), "seen twice")
    plan = bring(package)
    assert changes(plan) == {
        "cohort cohort-9": {"counts.selected": (2, 3)},
        "cities lahti": {"name": ("Lahti", "Lahtis")},
        "hosts c9-lahti": {
            "cities": (["lahti"], ["pristina", "lahti"]),
            "levers": ([], ["governance-policy"]),
            "levers_inferred": (["governance-policy"], []),
            "capacity.maximum": (3, 5),
        },
        "twins pristina": {"status": ("selected", "confirmed")},
        "pairings pristina": {"note": (None, "seen twice")},
    }
    assert json.loads(export_package(Cohort.objects.get())) == package
    assert City.objects.named_like("lahtis").exists()


def test_renamed_city_is_still_found_by_its_other_spellings():
    bring(small_package())
    CityNameFactory(city=City.objects.get(slug="lahti"), name="Lahtis")
    bring(set_at(small_package(), ("cities", 0, "name"), "City of Lahti"))
    assert [city.slug for city in City.objects.named_like("lahtis")] == ["lahti"]


def test_what_the_file_leaves_out_stays():
    bring(small_package())
    package = small_package()
    del package["hosts"][0]["summary"], package["cities"][0]["population"], package["cohort"]["twin_rule"]
    assert not bring(package).has_changes
    assert Host.objects.get().summary == "Two lines\nof text"


def test_null_in_the_file_is_a_statement():
    bring(small_package())
    plan = bring(set_at(small_package(), ("cities", 0, "population"), None))
    assert changes(plan) == {"cities lahti": {"population": (98826, None)}}


def test_objects_that_the_file_no_longer_has_are_kept_and_listed():
    bring(small_package())
    package = small_package()
    package["pairings"] = package["twins"] = package["hosts"] = []
    plan = bring(package)
    assert not plan.has_changes
    assert [(kept.part, kept.id) for kept in plan.kept] == [
        ("hosts", "c9-lahti"),
        ("twins", "pristina"),
        ("pairings", "pristina"),
    ]
    assert Pairing.objects.count() == Participation.objects.count() == Host.objects.count() == 1


def test_facts_changed_here_are_shown_and_set_to_what_the_file_says():
    bring(small_package())
    hosting = Cohort.objects.get().hostings.get()
    hosting.capacity_maximum = 7
    hosting.save()
    assert changes(plan_import(read(small_package()))) == {"hosts c9-lahti": {"capacity.maximum": (7, 3)}}
    bring(small_package())
    hosting.refresh_from_db()
    assert hosting.capacity_maximum == 3


def test_state_decided_here_is_not_undone():
    bring(small_package())
    Participation.objects.update(state="active", state_on=NOW.date())
    plan = bring(small_package())
    assert not plan.has_changes
    assert [str(kept.why) for kept in plan.kept] == [
        "The state was decided here: “active” stays, the package says “selected”."
    ]
    assert Participation.objects.get().state == "active"


def test_pairing_decided_here_is_not_undone():
    bring(small_package())
    here = HostingFactory(cohort=Cohort.objects.get(), host__slug="c9-other")
    Pairing.objects.update(state="ended", ended_at=NOW, ended_reason="Better so.")
    decided = PairingFactory(participation=Participation.objects.get(), hosting=here, confirmed=True)
    package = small_package()
    plan = bring(package)
    assert not plan.has_changes
    assert ("pairings", "pristina") in [(kept.part, kept.id) for kept in plan.kept]
    assert Pairing.objects.open().get() == decided


def test_pairing_ended_here_is_not_opened_again():
    bring(small_package())
    Pairing.objects.update(state="ended", ended_at=NOW, ended_reason="It did not work.")
    plan = bring(small_package())
    assert not plan.has_changes
    assert "ended here" in str(plan.kept[0].why)


def test_corrected_host_of_a_published_pairing_ends_the_old_one_as_history():
    bring(small_package())
    package = small_package()
    package["hosts"].append({**package["hosts"][0], "id": "c9-other"})
    package["pairings"][0]["host"] = "c9-other"
    plan = bring(package)
    assert changes(plan)["pairings pristina"] == {"host": ("c9-lahti", "c9-other")}
    assert [(row.hosting.host.slug, row.state) for row in Pairing.objects.order_by("pk")] == [
        ("c9-lahti", "ended"),
        ("c9-other", "announced"),
    ]
    assert not bring(package).has_changes


def test_known_host_joins_another_cohort_with_its_own_capacity():
    bring(small_package())
    package = small_package()
    package["cohort"]["id"] = "cohort-10"
    package["hosts"][0]["capacity"] = {"minimum": 1, "maximum": 2}
    plan = bring(package)
    assert changes(plan)["hosts c9-lahti"] == {"capacity.minimum": (None, 1), "capacity.maximum": (None, 2)}
    assert Host.objects.count() == 1
    assert [row.capacity_maximum for row in Host.objects.get().hostings.order_by("pk")] == [3, 2]


def test_pairing_that_comes_into_a_running_cohort_gets_its_visits_and_outputs():
    package = small_package()
    package["pairings"] = []
    cohort = bring(package).cohort
    cohort.programme, cohort.kickoff_on = ProgrammeFactory(small=True), NOW.date()
    cohort.save()
    bring(small_package())
    pairing = Pairing.objects.get()
    assert [event.title for event in pairing.events.order_by("pk")] == ["Visit 1"]
    assert [output.label for output in pairing.participation.outputs.order_by("pk")] == ["Learning Roadmap"]


def test_cities_without_a_part_in_the_cohort_are_named():
    package = small_package()
    package["cities"].append({**package["cities"][0], "id": "elsewhere"})
    plan = bring(package)
    assert plan.notes == [
        (
            "1 city of the file is neither twin nor part of a host: elsewhere. "
            "It goes into the register of cities; an export of this cohort does not list it."
        )
    ]
    assert City.objects.filter(slug="elsewhere").exists()


def test_city_that_left_without_a_stated_reason_gets_an_honest_one():
    bring(set_at(small_package(), ("twins", 0, "status"), "withdrawn"))
    assert Participation.objects.get().state_reason == "The imported package states no reason."


def test_partial_statements_must_fit_to_what_stands_there():
    bring(small_package())
    package = small_package()
    del package["cohort"]["call_opens_on"]
    package["cohort"]["call_closes_on"] = "2025-12-31"
    with pytest.raises(PackageRefused) as refusal:
        bring(package)
    assert [fault.path for fault in refusal.value.faults] == ["cohort.call_closes_on"]
    assert not JournalEntry.objects.exclude(data={"created": 6, "changed": 0, "unchanged": 0}).exists()


def test_plan_that_is_no_longer_true_is_not_carried_out():
    fingerprint = plan_import(read(small_package())).fingerprint
    CityFactory(slug="lahti", name="Lahti, as somebody else wrote it")
    with pytest.raises(Refused):
        bring(small_package(), fingerprint=fingerprint)
    assert not Cohort.objects.exists()


def test_failure_in_the_middle_leaves_nothing_behind(monkeypatch):
    """The last rows to be written break a constraint of the database; the first ones must not remain."""
    package = read(small_package())
    broken = package.model_copy(update={"pairings": package.pairings * 2})
    with pytest.raises(Refused):
        import_package(broken, by=None, now=NOW)
    assert not City.objects.exists()
    assert not Cohort.objects.exists()
    assert not JournalEntry.objects.exists()


def test_package_may_bring_the_vocabulary_into_a_database_without_one():
    Term.objects.all().delete()
    Vocabulary.objects.all().delete()
    bring(small_package())
    assert Term.objects.filter(code="mobility-transport", vocabulary__slug="fields_of_action_ccc").exists()


def test_term_that_an_administrator_added_may_be_used():
    Term.objects.create(vocabulary=Vocabulary.objects.get(slug="levers_of_change"), code="humour", label="Humour")
    bring(set_at(small_package(), ("hosts", 0, "levers"), ["humour"]))
    assert json.loads(export_package(Cohort.objects.get()))["hosts"][0]["levers"] == ["humour"]


def test_unannounced_pairings_do_not_leave_in_a_package():
    bring(small_package())
    PairingFactory(participation__cohort=Cohort.objects.get(), confirmed=True, hosting__host__slug="quiet")
    assert len(package_of(Cohort.objects.get()).pairings) == 1


def test_what_the_format_cannot_say_is_a_refusal_that_names_it():
    bring(small_package())
    Host.objects.update(title="two\nlines")
    with pytest.raises(Refused, match=r"hosts\[0\].title"):
        export_package(Cohort.objects.get())


def test_queries_do_not_grow_with_the_package(django_assert_num_queries):
    bring(real_package("cohort-1"))
    bring(small_package())
    for slug in ("cohort-1", "cohort-9"):
        cohort = Cohort.objects.get(slug=slug)
        with django_assert_num_queries(6):
            export_package(cohort)
    real, small = read(real_package("cohort-1")), read(small_package())
    for package in (real, small):
        with django_assert_num_queries(9):
            plan_import(package)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_valid_package_comes_back_as_it_was(data):
    """Import, export, import elsewhere, export: the same facts, then the same bytes."""
    forget_everything()
    package = small_package()
    words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=30)
    package["hosts"][0]["summary"] = data.draw(words)
    package["twins"][0]["interests"] = data.draw(words)
    package["cities"][0]["latitude"] = data.draw(st.floats(-90, 90))
    package["cities"][0]["population"] = data.draw(st.none() | st.integers(0, 10**9))
    package["hosts"][0]["offers"] = data.draw(st.lists(words.filter(str.strip), max_size=4))
    package["hosts"][0]["domains"] = data.draw(st.permutations(["energy-systems", "mobility-transport", "industry"]))
    package["hosts"][0]["domains_inferred"] = data.draw(st.permutations(["energy-systems", "industry"]))
    package["twins"][0]["status"] = data.draw(st.sampled_from(["selected", "confirmed", "active", "completed"]))
    bring(package)
    first = export_package(Cohort.objects.get())
    exported = json.loads(first)
    if not package["hosts"][0]["offers"]:
        del package["hosts"][0]["offers"]
    assert exported == package
    forget_everything()
    bring(first)
    assert export_package(Cohort.objects.get()) == first
