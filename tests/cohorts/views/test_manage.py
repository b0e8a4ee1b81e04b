"""Coordinators' pages: what would move is shown before it moves, what is wrong is said at its field."""

import datetime

import pytest
from django.urls import reverse

from cohorts.models import Cohort, Event, HostContact, Membership, Programme, ProgrammeEvent
from cohorts.services.calendar import plan_calendar
from cohorts.services.programmes import load_programmes
from cohorts.states import PairingState, ParticipationState
from outputs.models import Output
from tests.factories.cohorts import (
    CohortFactory,
    FacilitatorAssignmentFactory,
    HostContactFactory,
    HostingFactory,
    MembershipFactory,
    MilestoneFactory,
    PairingFactory,
    ParticipationFactory,
    ProgrammeFactory,
    TermFactory,
)
from tests.factories.people import UserFactory
from twinning.mail.models import Letter
from twinning.people.models import Invitation

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)
KICKOFF = datetime.date(2026, 9, 7)


@pytest.fixture
def admin(client):
    user = UserFactory(administrator=True)
    client.force_login(user)
    return user


@pytest.fixture
def edition(db):
    load_programmes(by=None, now=NOW)
    return Programme.objects.get(slug="twinning-18-months")


@pytest.fixture
def cohort(admin, edition):
    pairing = PairingFactory()
    return plan_calendar(pairing.participation.cohort, programme=edition, kickoff_on=KICKOFF, by=admin, now=NOW)


# --- Cohorts --------------------------------------------------------------------------------------------------------------


def test_a_cohort_is_created_from_a_programme(client, admin, edition):
    words = {"title": "Twinning, cohort 6", "programme": edition.slug, "host_kind": "mission_city"}
    words |= {"kickoff_on": "2027-01-11", "time_zone": "Europe/Brussels", "slug": ""}
    response = client.post(reverse("cohorts:cohort-create"), words)
    made = Cohort.objects.get(slug="twinning-cohort-6")
    assert response.url == made.get_absolute_url()
    assert Event.objects.in_cohort(made).count() == 11
    again = client.post(reverse("cohorts:cohort-create"), words)
    assert again.status_code == 422
    assert list(again.context["form"].errors) == ["slug"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"slug": "no spaces please"},
        {"kickoff_on": "2027-02-30"},
        {"kickoff_on": "9999-12-31"},
        {"kickoff_on": "0001-01-01"},
        {"time_zone": "x"},
        {"host_kind": "x"},
    ],
)
def test_a_cohort_that_cannot_be_is_refused_at_its_field(client, admin, edition, wrong):
    words = {"title": "Round", "programme": edition.slug, "host_kind": "mission_city", "time_zone": "Europe/Riga"}
    response = client.post(reverse("cohorts:cohort-create"), words | wrong)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == list(wrong)
    assert not Cohort.objects.exists()


def test_the_rules_of_a_cohort_are_read_and_written_in_words(client, admin):
    cohort = CohortFactory(reminder_days=[14, 3, -1, -7])
    address = reverse("cohorts:cohort-edit", args=[cohort.slug])
    form = client.get(address).context["form"]
    assert form["reminder_days"].value() == "14, 3, -1, -7"
    words = {"title": "New", "time_zone": "Europe/Riga", "facilitator_load": "4", "answer_days": "0"}
    assert client.post(address, words | {"reminder_days": "7; −2, 7,30"}).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.title, cohort.reminder_days, cohort.facilitator_load) == ("New", [30, 7, -2], 4)
    for wrong in ("soon", "1.5", "400", ",".join(str(day) for day in range(13))):
        response = client.post(address, words | {"reminder_days": wrong})
        assert list(response.context["form"].errors) == ["reminder_days"], wrong
    assert client.post(address, words | {"reminder_days": ""}).status_code == 302
    cohort.refresh_from_db()
    assert cohort.reminder_days == []


def test_a_kickoff_moves_only_what_was_shown_before(client, cohort):
    address = reverse("cohorts:kickoff-change", args=[cohort.slug])
    words = {"programme": cohort.programme.slug, "kickoff_on": "2026-10-05"}
    before = list(Event.objects.order_by("pk").values_list("planned_on", flat=True))
    shown = client.post(address, words)
    assert shown.context["total"] == 14 + 2 + 5
    assert list(Event.objects.order_by("pk").values_list("planned_on", flat=True)) == before

    PairingFactory(participation__cohort=cohort)  # meanwhile
    again = client.post(address, words | {"shown": shown.context["shown"]})
    assert again.status_code == 200
    assert list(Event.objects.order_by("pk").values_list("planned_on", flat=True)) == before

    response = client.post(address, words | {"shown": again.context["shown"]})
    assert response.url == reverse("cohorts:calendar", args=[cohort.slug])
    cohort.refresh_from_db()
    assert cohort.kickoff_on == datetime.date(2026, 10, 5)
    assert Output.objects.filter(kind="learning_roadmap", due_on=datetime.date(2027, 1, 5)).count() == 2


@pytest.mark.parametrize("day", ["1989-12-31", "2101-01-01", "9999-12-31"])
def test_a_kickoff_beyond_every_calendar_is_refused_at_its_field(client, cohort, day):
    words = {"programme": cohort.programme.slug, "kickoff_on": day}
    response = client.post(reverse("cohorts:kickoff-change", args=[cohort.slug]), words)
    assert response.status_code == 422
    said = "This year cannot be right; it must lie between 1990 and 2100."
    assert response.context["form"].errors == {"kickoff_on": [said]}


@pytest.mark.parametrize("page", ["cohort-edit", "calendar"])
def test_what_was_done_with_a_cohort_is_read_on_its_pages(client, cohort, admin, page):
    html = client.get(reverse(f"cohorts:{page}", args=[cohort.slug])).content.decode()
    assert f"{admin} planned the calendar of {cohort} from 7 September 2026" in html


def test_the_team_grows_and_shrinks(client, admin):
    cohort, person = CohortFactory(), UserFactory(facilitator=True)
    client.post(reverse("cohorts:team-add", args=[cohort.slug]), {"person": person.code})
    assert person.name in client.get(reverse("cohorts:cohort-edit", args=[cohort.slug])).content.decode()
    client.post(reverse("cohorts:team-remove", args=[cohort.slug, person.code]))
    assert not cohort.team_members.exists()


# --- Programmes -----------------------------------------------------------------------------------------------------------


def filled(response):
    """What a browser would send back from the page unchanged."""
    editor = response.context["editor"]
    data = {}
    for form in (editor.form, *(row for part in editor.parts for row in part.forms)):
        for field in form:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif value is not None and value is not False:
                data[field.html_name] = value
    for part in editor.parts:
        for field in part.management_form:
            data[field.html_name] = field.value()
    return data


def test_a_programme_sent_back_unchanged_changes_nothing(client, cohort):
    address = reverse("cohorts:programme-edit", args=[cohort.programme.slug])
    before = list(ProgrammeEvent.objects.order_by("pk").values())
    response = client.post(address, filled(client.get(address)))
    assert response.status_code == 302
    assert list(ProgrammeEvent.objects.order_by("pk").values()) == before
    assert set(Event.objects.order_by("pk").values_list("sequence", flat=True)) == {0}


def test_a_changed_programme_shows_its_moves_first_and_then_moves(client, cohort):
    address = reverse("cohorts:programme-edit", args=[cohort.programme.slug])
    data = filled(client.get(address))
    rows = client.get(address).context["editor"].events.forms
    visit = next(row for row in rows if row.instance.kind == "site_visit" and row.instance.number == 2)
    closing = next(row for row in rows if row.instance.kind == "closing")
    data[f"{visit.prefix}-offset_months"] = 10
    data[f"{closing.prefix}-DELETE"] = "on"
    new = rows[-1].prefix
    data |= {f"{new}-kind": "seminar", f"{new}-number": 4, f"{new}-scope": "cohort", f"{new}-title": "Extra seminar"}
    data |= {f"{new}-module": cohort.programme.modules.get(position=3).pk, f"{new}-offset_months": 15}

    shown = client.post(address, data)

    assert shown.context["total"] == 3
    words = shown.content.decode()
    assert "9 August 2027" in words
    assert "7 July 2027" in words
    assert "Extra seminar" in words
    assert Event.objects.in_cohort(cohort).filter(title="Extra seminar").count() == 0

    assert client.post(address, data | {"shown": shown.context["shown"]}).url == cohort.programme.get_absolute_url()
    events = Event.objects.in_cohort(cohort)
    assert events.get(kind="site_visit", number=2).planned_on == datetime.date(2027, 7, 7)
    assert events.get(title="Extra seminar").planned_on == datetime.date(2027, 12, 7)
    assert events.get(kind="closing").state == "cancelled"


def test_a_cut_off_is_shown_before_it_stops_anybody(client, cohort):
    address = reverse("cohorts:programme-edit", args=[cohort.programme.slug])
    data = filled(client.get(address))
    row = next(row for row in client.get(address).context["editor"].outputs.forms if row.instance.kind == "action_plan")
    data[f"{row.prefix}-cut_off_days"] = 14
    plan = Output.objects.in_cohort(cohort).get(kind="action_plan")

    shown = client.post(address, data)

    plan.refresh_from_db()
    assert plan.cut_off_on is None
    assert [(row.before, row.label) for _cohort, rows, _count in shown.context["changes"] for row in rows] == [
        (None, f"{plan.label}, cut-off")
    ]
    client.post(address, data | {"shown": shown.context["shown"]})
    plan.refresh_from_db()
    assert plan.cut_off_on >= plan.due_on + datetime.timedelta(days=14)


def test_a_second_tab_does_not_undo_what_the_first_one_changed(client, cohort):
    address = reverse("cohorts:programme-edit", args=[cohort.programme.slug])
    opened = filled(client.get(address))
    client.post(address, opened | {"note": "From the first tab"})

    late = client.post(address, opened | {"title": "From the second tab"})

    assert late.status_code == 422
    assert "changed after you had opened this page" in late.content.decode()
    cohort.programme.refresh_from_db()
    assert (cohort.programme.note, cohort.programme.title) == ("From the first tab", "Twinning programme, 18 months")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("length_months", "0x"),
        ("modules-0-title", ""),
        ("outputs-0-offset_months", "-1"),
        ("milestones-0-offset_days", "999"),
    ],
)
def test_a_wrong_row_is_said_and_nothing_is_written(client, cohort, field, value):
    address = reverse("cohorts:programme-edit", args=[cohort.programme.slug])
    response = client.post(address, filled(client.get(address)) | {field: value})
    assert response.status_code == 422
    assert "invalid-feedback" in response.content.decode()


def test_two_events_of_one_kind_and_number_are_refused(client, cohort):
    address = reverse("cohorts:programme-edit", args=[cohort.programme.slug])
    data = filled(client.get(address))
    new = client.get(address).context["editor"].events.forms[-1].prefix
    data |= {f"{new}-kind": "seminar", f"{new}-number": 1, f"{new}-scope": "cohort", f"{new}-title": "Twice"}
    data |= {f"{new}-module": cohort.programme.modules.get(position=1).pk}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "same kind and number" in response.content.decode()


def test_a_post_without_its_tables_is_an_error_and_no_crash(client, cohort):
    address = reverse("cohorts:programme-edit", args=[cohort.programme.slug])
    assert client.post(address, {"title": "Only this"}).status_code == 422


def test_a_copy_is_a_programme_of_its_own(client, cohort):
    address = reverse("cohorts:programme-copy", args=[cohort.programme.slug])
    response = client.post(address, {"title": "Nine months", "slug": "nine"})
    copy = Programme.objects.get(slug="nine")
    assert response.url == reverse("cohorts:programme-edit", args=["nine"])
    assert (copy.events.count(), copy.outputs.count(), copy.milestones.count()) == (14, 5, 2)
    assert copy.events.exclude(module__programme=copy).count() == 0
    assert client.post(address, {"title": "Again", "slug": "nine"}).status_code == 422


# --- Twins, hosts, people ---------------------------------------------------------------------------------------------------


def test_a_twin_is_moved_with_day_and_reason(client, admin):
    participation = ParticipationFactory(state=ParticipationState.ACTIVE)
    address = reverse("cohorts:participation-move", args=[participation.code, "withdraw"])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Elections.", "on": "2999-01-01"}).status_code == 422
    assert client.post(address, {"reason": "Elections.", "on": "2026-11-02"}).url == participation.get_absolute_url()
    page = client.get(participation.get_absolute_url()).content.decode()
    assert "Withdrawn" in page
    assert "since 2 November 2026" in page
    assert "Elections." in page
    assert client.get(reverse("cohorts:participation-move", args=[participation.code, "dance"])).status_code == 404
    assert "no longer possible" in client.get(address).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_table_of_twins_asks_the_same_for_one_and_three(client, admin, django_assert_num_queries, count):
    cohort = CohortFactory(slug="here")
    for _number in range(count):
        MembershipFactory(participation=PairingFactory(participation__cohort=cohort).participation)
    with django_assert_num_queries(9):
        client.get(reverse("cohorts:participation-list", args=["here"]))


@pytest.mark.parametrize("count", [1, 3])
def test_the_table_of_hosts_asks_the_same_for_one_and_three(client, admin, django_assert_num_queries, count):
    cohort = CohortFactory(slug="here")
    for _number in range(count):
        HostContactFactory(hosting=PairingFactory(participation__cohort=cohort).hosting)
    with django_assert_num_queries(7):
        client.get(reverse("cohorts:hosting-list", args=["here"]))


@pytest.mark.parametrize("count", [1, 3])
def test_the_load_of_facilitators_asks_the_same_for_one_and_three(client, admin, django_assert_num_queries, count):
    cohort = CohortFactory(slug="here")
    for _number in range(count):
        FacilitatorAssignmentFactory(pairing=PairingFactory(participation__cohort=cohort))
        PairingFactory(participation__cohort=cohort)
    with django_assert_num_queries(11):
        client.get(reverse("cohorts:facilitator-list", args=["here"]))


def test_the_load_counts_every_cohort_and_warns_above_the_limit(client, admin):
    cohort, guide = CohortFactory(facilitator_load=1), UserFactory(facilitator=True)
    FacilitatorAssignmentFactory(user=guide, pairing=PairingFactory(participation__cohort=cohort))
    address = reverse("cohorts:facilitator-list", args=[cohort.slug])
    assert "many" not in client.get(address).content.decode()
    FacilitatorAssignmentFactory(user=guide)
    FacilitatorAssignmentFactory(user=guide, pairing=PairingFactory(ended=True))
    response = client.get(address)
    assert [(person.load, len(person.here)) for person in response.context["people"]] == [(2, 1)]
    assert "many" in response.content.decode()


def test_announcing_shows_who_gets_a_letter_and_tells_only_the_chosen(client, admin):
    cohort = CohortFactory()
    chosen = PairingFactory(confirmed=True, participation__cohort=cohort)
    other = PairingFactory(confirmed=True, participation__cohort=cohort)
    officer = MembershipFactory(participation=chosen.participation).user
    address = reverse("cohorts:pairing-announce", args=[cohort.slug])
    page = client.get(address)
    assert officer.name in page.content.decode()
    assert page.context["letters"] == 1
    preview = page.context["sample"]
    assert client.post(address, {"pairings": []}).status_code == 422
    assert client.post(address, {"pairings": ["UNKNOWN"]}).status_code == 422
    assert client.post(address, {"pairings": [chosen.code]}).status_code == 302
    for pairing in (chosen, other):
        pairing.refresh_from_db()
    assert (chosen.state, other.state) == (PairingState.ANNOUNCED, PairingState.CONFIRMED)
    letter = Letter.objects.get()
    assert (letter.to, letter.subject, letter.body_text) == (officer, preview.subject, preview.body_text)


def test_a_host_is_changed_withdrawn_and_taken_in_again(client, admin):
    hosting = PairingFactory().hosting
    address = reverse("cohorts:hosting-edit", args=[hosting.code])
    assert client.post(address, {"fewest": "3", "most": "2"}).status_code == 422
    assert client.post(address, {"fewest": "0", "most": "0"}).status_code == 422
    assert client.post(address, {"fewest": "1", "most": "5"}).status_code == 302
    client.post(reverse("cohorts:hosting-withdraw", args=[hosting.code]), {"reason": "No staff."})
    page = client.get(address).content.decode()
    assert "1 twin needs a new host." in page
    assert f"{admin} noted that {hosting} left: No staff." in page
    assert (
        "left; 1 twin needs a new host"
        in client.get(reverse("cohorts:hosting-list", args=[hosting.cohort.slug])).content.decode()
    )
    client.post(reverse("cohorts:hosting-readmit", args=[hosting.code]))
    hosting.refresh_from_db()
    assert (hosting.capacity_maximum, hosting.withdrawn_on) == (5, None)


def test_an_invited_officer_and_contact_get_their_role_from_the_invitation(client, admin):
    participation, hosting = ParticipationFactory(), HostingFactory()
    words = {"email": "new@example.org", "name": "New", "language": "en"}
    client.post(reverse("cohorts:officer-invite", args=[participation.code]), words | {"role": "lead_officer"})
    client.post(reverse("cohorts:contact-invite", args=[hosting.code]), words)
    assert [invitation.grants for invitation in Invitation.objects.order_by("pk")] == [
        {"cohorts.membership": {"participation": participation.pk, "role": "lead_officer"}},
        {"cohorts.host_contact": {"hosting": hosting.pk}},
    ]
    again = client.post(reverse("cohorts:contact-invite", args=[hosting.code]), words)
    assert again.status_code == 422
    assert "is invited already" in again.content.decode()


def test_officers_are_led_and_leave(client, admin):
    lead = MembershipFactory(lead=True)
    officer = MembershipFactory(participation=lead.participation)
    codes = [lead.participation.code, officer.user.code]
    client.post(reverse("cohorts:officer-lead", args=codes))
    roles = dict(Membership.objects.current().values_list("user", "role"))
    assert roles == {lead.user_id: "officer", officer.user_id: "lead_officer"}
    client.post(reverse("cohorts:officer-end", args=codes))
    assert [row.user for row in Membership.objects.current()] == [lead.user]
    assert client.post(reverse("cohorts:officer-end", args=codes)).status_code == 404


def test_a_contact_leaves(client, admin):
    contact = HostContactFactory()
    client.post(reverse("cohorts:contact-end", args=[contact.hosting.code, contact.user.code]))
    assert not HostContact.objects.current().exists()


def test_a_milestone_is_signed_off_once(client, admin):
    milestone = MilestoneFactory(participation=PairingFactory().participation)
    address = reverse("cohorts:milestone-sign-off", args=[milestone.code])
    client.post(address)
    page = client.get(milestone.participation.get_absolute_url()).content.decode()
    assert "signed off by" in page
    assert f"{admin} signed off {milestone}" in page
    assert "signed off already" in client.post(address, follow=True).content.decode()


# --- Vocabularies -----------------------------------------------------------------------------------------------------------


def test_a_list_is_edited_and_a_term_retired(client, admin):
    term = TermFactory(label="Peat")
    where = {"slug": term.vocabulary.slug}
    add = reverse("cohorts:term-add", kwargs=where)
    assert client.post(add, {"label": "Heat & cold"}).status_code == 302
    assert client.post(add, {"label": "Again", "code": "heat-cold"}).status_code == 422
    assert client.post(add, {"label": "→"}).status_code == 422
    edit = reverse("cohorts:term-edit", kwargs=where | {"code": term.code})
    assert client.post(edit, {"label": "Turf", "position": "2", "is_retired": "on"}).status_code == 302
    page = client.get(reverse("cohorts:vocabulary-detail", kwargs=where)).content.decode()
    assert "Heat &amp; cold" in page
    assert "Turf" in page
    assert "Retired" in page
    assert "changed the term Turf" in client.get(edit).content.decode()


def test_programmes_and_lists_have_their_pages(client, admin):
    programme = ProgrammeFactory(small=True)
    assert programme.title in client.get(reverse("cohorts:programme-list")).content.decode()
    assert "Visit 1" in client.get(programme.get_absolute_url()).content.decode()
    assert "Levers of change" in client.get(reverse("cohorts:vocabulary-list")).content.decode()
