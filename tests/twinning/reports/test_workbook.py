"""The cohort workbook: every sheet, real dates, texts that stay texts, the same bytes for the same data."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from cohorts.models import Cohort, Event, Host, Milestone, Pairing, Participation
from cohorts.package_format import read_package
from cohorts.services.packages import import_package, usable_codes
from cohorts.states import EventKind
from matching.models import Proposal
from outputs.models import Output, Reminder
from tests.cohorts.package_format.packages import real_package
from tests.factories.cohorts import (
    CohortFactory,
    ContextFactFactory,
    HostNeedFactory,
    PairingFactory,
    ParticipationStrengthFactory,
)
from tests.factories.matching import ProposalFactory
from tests.factories.people import UserFactory
from twinning.reports.workbook import render_workbook

NOW = datetime.datetime(2026, 11, 21, 23, 30, tzinfo=datetime.UTC)  # already the 22nd in Brussels
SHEETS = [
    "About",
    "Cities",
    "Facts",
    "Hosts",
    "Participations",
    "Pairings",
    "Events",
    "Milestones",
    "Outputs",
    "Reminders",
]
pytestmark = pytest.mark.django_db


def opened(cohort, now=NOW):
    return openpyxl.load_workbook(io.BytesIO(render_workbook(cohort, now=now)))


def rows(book, name) -> list[dict]:
    """A sheet as dictionaries by header."""
    header, *lines = book[name].iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.fixture
def pairing():
    """An announced pairing with a proposal, an event, a milestone, an output and a reminder."""
    pairing = PairingFactory(
        participation__cohort=CohortFactory(planned=True, slug="small"),
        participation__city__name="Braga",
        hosting__host__title="Heat for all",
    )
    participation = pairing.participation
    Proposal.objects.filter(
        pk=ProposalFactory(run__cohort=participation.cohort, participation=participation, hosting=pairing.hosting).pk
    ).update(
        pairing=pairing,
        score=8250,
        reasons=[
            {
                "criterion": "domains",
                "weight": 30,
                "score": 10000,
                "known": True,
                "facts": [{"code": "tag_shared", "field": "twin.domains host.domains", "values": ["Energy systems"]}],
            },
            {"criterion": "preference", "weight": 0, "score": 0, "known": False, "facts": []},
        ],
    )
    Event.objects.create(
        cohort=participation.cohort,
        pairing=pairing,
        kind=EventKind.SITE_VISIT,
        title="Visit 1",
        planned_on=datetime.date(2027, 2, 8),
        starts_at=datetime.datetime(2027, 2, 8, 8, 0, tzinfo=datetime.UTC),
        ends_at=datetime.datetime(2027, 2, 8, 16, 0, tzinfo=datetime.UTC),
        is_online=False,
        direction="twin_travels",
    )
    Milestone.objects.create(participation=participation, number=1, title="Ready", due_on=datetime.date(2027, 6, 7))
    output = Output.objects.create(
        participation=participation,
        kind="learning_roadmap",
        label="Learning Roadmap",
        position=1,
        due_on=datetime.date(2026, 11, 20),
    )
    Reminder.objects.create(
        output=output,
        to=UserFactory(name="Lea Lead"),
        due_on=datetime.date(2026, 11, 20),
        days=-1,
        sent_at=datetime.datetime(2026, 11, 21, 7, 0, tzinfo=datetime.UTC),
    )
    return pairing


def test_every_sheet_has_its_rows(pairing):
    book = opened(pairing.participation.cohort)
    assert book.sheetnames == SHEETS
    assert {name: book[name].max_row - 1 for name in SHEETS[1:]} == {
        "Cities": 2,
        "Facts": 0,
        "Hosts": 1,
        "Participations": 1,
        "Pairings": 1,
        "Events": 1,
        "Milestones": 1,
        "Outputs": 1,
        "Reminders": 1,
    }


def test_pairings_say_why(pairing):
    (row,) = rows(opened(pairing.participation.cohort), "Pairings")
    assert row["Twin"] == "Braga"
    assert row["Host"] == "Heat for all"
    assert row["How sure"] == "Decided in this programme"
    assert row["Score of 100"] == 82.5
    assert (
        row["Reasons of the matching"] == "Fields of action 100: Energy systems: chosen by the twin, stated by the host"
    )


def test_dates_are_dates_and_moments_stand_in_the_cohorts_zone(pairing):
    book = opened(pairing.participation.cohort)
    (event,) = rows(book, "Events")
    assert event["Day"] == datetime.datetime(2027, 2, 8)
    assert event["Starts (Europe/Brussels)"] == datetime.datetime(2027, 2, 8, 9, 0)
    (output,) = rows(book, "Outputs")
    assert output["Date that counts"] == datetime.datetime(2026, 11, 20)
    assert output["Accepted (Europe/Brussels)"] is None
    assert book["Events"]["A2"].number_format == "yyyy-mm-dd"
    assert book["Events"]["C2"].number_format == "yyyy-mm-dd hh:mm"


def test_lateness_is_counted_on_the_day_in_the_cohorts_zone(pairing):
    (output,) = rows(opened(pairing.participation.cohort), "Outputs")
    assert output["Days late"] == 2


def test_reminders_name_recipient_output_and_rule(pairing):
    (row,) = rows(opened(pairing.participation.cohort), "Reminders")
    assert (row["To"], row["Twin"], row["Output"], row["Days before the date"]) == (
        "Lea Lead",
        "Braga",
        "Learning Roadmap",
        -1,
    )


def test_invented_people_say_that_they_are(pairing):
    reminder = Reminder.objects.get()
    reminder.to.is_example = True
    reminder.to.save()
    (row,) = rows(opened(pairing.participation.cohort), "Reminders")
    assert row["To"] == "Lea Lead, example"


def test_cover_says_as_of_when_and_how_to_read(pairing):
    cover = {row[0]: row[1] for row in opened(pairing.participation.cohort)["About"].iter_rows(values_only=True)}
    assert cover["As of"] == datetime.datetime(2026, 11, 22, 0, 30)
    assert cover["Time zone of all times"] == "Europe/Brussels"
    assert cover["Pairings"] == 1
    assert cover["Example"].startswith("Rows marked")
    assert "Shifted dates" not in cover


def test_cover_of_the_demo_says_that_dates_are_shifted(pairing):
    Cohort.objects.update(is_demo=True)
    cover = [row[0] for row in opened(Cohort.objects.get(slug="small"))["About"].iter_rows(values_only=True)]
    assert "Shifted dates" in cover


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "-2+3", "https://example.org", "{=1}", "007"])
def test_text_stays_text(pairing, text):
    Host.objects.update(title=text)
    cell = opened(pairing.participation.cohort)["Hosts"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_text_longer_than_a_cell_is_cut_with_a_sign(pairing):
    Participation.objects.update(interests="x" * 40_000)
    (row,) = rows(opened(pairing.participation.cohort), "Participations")
    assert row["Interests"] == "x" * 32_766 + "…"


def test_date_that_spreadsheets_do_not_know_is_written_as_text(pairing):
    Event.objects.update(planned_on=datetime.date(1899, 1, 1))
    assert rows(opened(pairing.participation.cohort), "Events")[0]["Day"] == "1899-01-01"


def test_header_is_frozen_and_filtered(pairing):
    book = opened(pairing.participation.cohort)
    for name in SHEETS[1:]:
        assert book[name].freeze_panes == "B2"
        assert book[name].auto_filter.ref.startswith("A1:")
        assert book[name].column_dimensions["A"].width > 9


def test_same_data_gives_the_same_bytes_but_for_the_as_of_time(pairing):
    cohort = pairing.participation.cohort
    first, again = render_workbook(cohort, now=NOW), render_workbook(cohort, now=NOW)
    assert first == again
    later = render_workbook(cohort, now=NOW + datetime.timedelta(minutes=1))
    assert differing_files(first, later) == {"docProps/core.xml", "xl/worksheets/sheet1.xml"}


def differing_files(one: bytes, other: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(one)) as left, zipfile.ZipFile(io.BytesIO(other)) as right:
        assert left.namelist() == right.namelist()
        return {name for name in left.namelist() if left.read(name) != right.read(name)}


def test_real_cohort_shows_confidence_and_source():
    cohort = imported("cohort-1")
    book = opened(cohort)
    pairings = {row["Twin"]: row for row in rows(book, "Pairings")}
    assert len(pairings) == 28
    assert pairings["Westminster"]["How sure"] == "Inferred from the cohort"
    assert all(row["Source"] for row in pairings.values())
    assert all(row["Announced here (Europe/Brussels)"] is None for row in pairings.values())
    assert len(rows(book, "Cities")) == 82
    hosts = {row["Id"]: row for row in rows(book, "Hosts")}
    assert hosts["c1-colab"]["Cities"] == "Aachen, Mannheim, Münster"
    assert hosts["c1-colab"]["Domains, as stated"] is None
    assert hosts["c1-colab"]["Domains, inferred"] == "Mobility & transport, Built environment"


def imported(name: str) -> Cohort:
    return import_package(read_package(real_package(name), usable_codes()), by=None, now=NOW).cohort


def test_empty_cohort_is_a_workbook_too():
    book = opened(CohortFactory())
    assert book.sheetnames == SHEETS
    assert book["Outputs"].max_row == 1


def test_queries_are_the_same_for_one_pairing_and_for_the_real_cohort(pairing, django_assert_num_queries):
    small, real = pairing.participation.cohort, imported("cohort-1")
    for cohort in (small, real):
        with django_assert_num_queries(21):
            render_workbook(cohort, now=NOW)
    assert Pairing.objects.in_cohort(real).count() > 1


def test_the_year_of_a_source_is_a_number(pairing):
    ContextFactFactory(city=pairing.participation.city, year=2025)

    (row,) = rows(opened(pairing.participation.cohort), "Facts")

    assert row["Year of the source"] == 2025


def test_figures_stand_clear_of_the_next_text_with_their_heads_above_them(pairing):
    sheet = opened(pairing.participation.cohort)["Cities"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Longitude")
    head, figure = sheet.cell(1, column).alignment, sheet.cell(2, column).alignment

    assert (head.horizontal, head.indent) == (figure.horizontal, figure.indent) == ("right", 1)


def test_facts_of_the_cities_stand_in_a_sheet_of_their_own(pairing):
    otto = UserFactory(name="Otto")
    ContextFactFactory(
        city=pairing.participation.city, dimension="language", value="pt; en", source="The council", year=None,
        retrieved_on=datetime.date(2026, 11, 2), stated_by=otto, inferred=True,
    )  # fmt: skip
    ContextFactFactory()  # of a city elsewhere
    HostNeedFactory(host=pairing.hosting.host, term__label="Industry", is_inferred=True)
    ParticipationStrengthFactory(participation=pairing.participation, term__label="Energy systems")

    book = opened(pairing.participation.cohort)

    (row,) = rows(book, "Facts")
    assert (row["City"], row["Dimension"], row["Value"], row["Codes"]) == (
        "Braga",
        "Language",
        "Portuguese; English",
        "pt; en",
    )
    assert (row["Source"], row["Read on"].date()) == ("The council", datetime.date(2026, 11, 2))
    assert (row["How sure"], row["Stated by"]) == ("Inferred by a reader", "Otto")
    assert rows(book, "Hosts")[0]["Wants to learn"] == "Industry (inferred)"
    assert rows(book, "Participations")[0]["Strengths"] == "Energy systems"
