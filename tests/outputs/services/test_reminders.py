import datetime
import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cohorts.models import Membership
from outputs.models import Output, Reminder
from outputs.selectors.reminders import CATCH_UP, outputs_to_remind_of, reminders_due, rule_due
from outputs.services.exceptions import extend_output
from outputs.services.reminders import send_reminders
from outputs.states import OutputState
from tests.factories.cohorts import LONG_AGO, MembershipFactory
from tests.factories.outputs import OutputFactory
from tests.factories.people import UserFactory
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db

DUE = datetime.date(2026, 12, 7)
RULES = [14, 3, -1, -7]
TWO_WEEKS_BEFORE = "2026-11-23T09:00:00+01:00"


def at(text):
    return datetime.datetime.fromisoformat(text)


def owed(**fields):
    """An output that is owed, and its one officer."""
    officer = fields.pop("officer", None) or UserFactory()
    output = OutputFactory(due_on=DUE, **fields)
    MembershipFactory(participation=output.participation, user=officer)
    return output, officer


def send(now=TWO_WEEKS_BEFORE):
    return [(sent.to, sent.rule) for sent in send_reminders(now=at(now))]


# --- The rule -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "rule"),
    [
        ("2026-11-22", None),  # the day before the first rule
        ("2026-11-23", 14),
        ("2026-11-26", 14),  # three days missed: caught up
        ("2026-11-27", None),  # too late for it
        ("2026-12-04", 3),
        ("2026-12-07", 3),
        ("2026-12-08", -1),  # the newest one alone, although -1 and 3 are both within reach
        ("2026-12-14", -7),
        ("2026-12-18", None),
    ],
)
def test_the_rule_of_a_day(today, rule):
    assert rule_due(RULES, due_on=DUE, today=datetime.date.fromisoformat(today)) == rule


def test_a_rule_that_was_applied_is_not_applied_again_nor_an_older_one():
    assert rule_due(RULES, due_on=DUE, today=datetime.date(2026, 12, 4), sent=[3]) is None
    assert rule_due(RULES, due_on=DUE, today=datetime.date(2026, 12, 4), sent=[14]) == 3
    assert rule_due(RULES, due_on=DUE, today=datetime.date(2026, 11, 23), sent=[3]) is None


@given(
    rules=st.lists(st.integers(-30, 30), max_size=8),
    days=st.lists(st.integers(-60, 60), max_size=60),
)
def test_over_any_days_each_rule_comes_once_at_most_and_never_too_late(rules, days):
    sent = []
    for offset in sorted(days):
        today = DUE + datetime.timedelta(days=offset)
        rule = rule_due(rules, due_on=DUE, today=today, sent=sent)
        if rule is not None:
            assert datetime.timedelta(0) <= today - (DUE - datetime.timedelta(days=rule)) <= CATCH_UP
            sent.append(rule)
    assert sent == sorted(set(sent), reverse=True)


# --- Who gets one -----------------------------------------------------------------------------------------------------


def test_the_officers_who_write_for_the_city_now_get_one_each():
    output, officer = owed()
    second = MembershipFactory(participation=output.participation, lead=True).user
    MembershipFactory(participation=output.participation, over=True)
    MembershipFactory(participation=output.participation, user__deactivated=True)
    assert sorted(send()) == sorted([(officer.email, 14), (second.email, 14)])


@pytest.mark.parametrize("trait", ["submitted", "accepted", "waived"])
def test_who_owes_nothing_gets_none(trait):
    owed(**{trait: True})
    assert send() == []


@pytest.mark.parametrize("trait", ["draft", "sent_back"])
def test_who_still_has_to_write_gets_one(trait):
    _output, officer = owed(**{trait: True})
    assert send() == [(officer.email, 14)]


@pytest.mark.parametrize(
    "fields",
    [{"pairing__confirmed": True}, {"pairing__ended": True}, {"pairing__participation__withdrawn": True}],
)
def test_without_an_announced_pairing_or_after_leaving_nobody_is_reminded(fields):
    owed(**fields)
    assert send() == []


def test_the_day_is_that_of_the_reader():
    _output, helsinki = owed(officer=UserFactory(time_zone="Europe/Helsinki"))
    _output, azores = owed(officer=UserFactory(time_zone="Atlantic/Azores"))
    assert send("2026-11-22T22:30:00+00:00") == [(helsinki.email, 14)]
    assert send("2026-11-23T00:30:00+00:00") == []
    assert send("2026-11-23T01:30:00+00:00") == [(azores.email, 14)]


def test_each_cohort_has_its_own_days():
    output, officer = owed()
    output.participation.cohort.reminder_days = [5]
    output.participation.cohort.save()
    assert send() == []
    assert send("2026-12-02T09:00:00+01:00") == [(officer.email, 5)]


def test_after_an_extension_the_days_are_counted_anew():
    output, officer = owed()
    assert send() == [(officer.email, 14)]
    until = DUE + datetime.timedelta(days=30)
    extend_output(output, by=UserFactory(), now=at(TWO_WEEKS_BEFORE), until=until, reason="Elections")
    assert send("2026-12-04T09:00:00+01:00") == []
    assert send("2026-12-23T09:00:00+01:00") == [(officer.email, 14)]


def test_a_worker_that_was_down_for_weeks_sends_the_latest_alone():
    _output, officer = owed()
    assert send("2026-12-09T09:00:00+01:00") == [(officer.email, -1)]
    assert send("2026-12-09T09:05:00+01:00") == []


def test_the_letter_speaks_the_readers_language_and_names_the_date():
    output, officer = owed(officer=UserFactory(name="Zoë O'Neil"))
    send()
    letter = Letter.objects.get()
    assert (letter.to, letter.kind, letter.language) == (officer, "output_reminder", "en")
    assert letter.subject == f"Learning Roadmap is due in 14 days – {output.participation.city}"
    assert "Dear Zoë O'Neil," in letter.body_text
    assert "Monday 7 December 2026" in letter.body_text
    assert output.get_absolute_url() in letter.body_html
    assert letter.cohort_slug == output.participation.cohort.slug
    assert Reminder.objects.get().letter == letter


@pytest.mark.parametrize(
    ("language", "subject", "day"),
    [
        ("de", "Learning Roadmap ist in 14 Tagen fällig", "Montag, 7. Dezember 2026"),
        ("fr", "Learning Roadmap est à remettre dans 14 jours", "lundi 7 décembre 2026"),
        ("es", "Learning Roadmap vence en 14 días", "lunes 7 de diciembre de 2026"),
    ],
)
def test_who_reads_another_language_gets_the_letter_in_it(language, subject, day):
    owed(officer=UserFactory(language=language))
    send()
    letter = Letter.objects.get()
    assert (letter.language, letter.subject.split(" – ")[0]) == (language, subject)
    assert day.lower() in letter.body_text.lower()
    assert not {"Dear", "due", "letter"} & set(letter.body_text.split())


# --- Once, however often ----------------------------------------------------------------------------------------------

moments = st.integers(-20 * 24, 14 * 24).map(
    lambda hours: datetime.datetime(2026, 12, 7, 12, tzinfo=datetime.UTC) + datetime.timedelta(hours=hours)
)
steps = st.lists(st.tuples(st.sampled_from(["pass", "submit", "waive", "back", "extend"]), moments), max_size=12)


@settings(max_examples=40)
@given(steps=steps)
def test_no_order_of_passes_and_events_reminds_twice_or_reminds_who_owes_nothing(steps):
    with transaction.atomic():
        output, officer = owed()
        for kind, now in steps:
            _play(kind, output, now)
            if kind == "pass":
                before = Letter.objects.count()
                sent = send_reminders(now=now)
                state = Output.objects.get(pk=output.pk).state
                assert not sent or state in (OutputState.NOT_STARTED, OutputState.SENT_BACK)
                assert Letter.objects.count() - before == len(sent) <= 1
        rows = list(Reminder.objects.order_by("pk").values_list("output", "to", "due_on", "days"))
        assert len(rows) == len(set(rows)) == Letter.objects.filter(to=officer).count()
        transaction.set_rollback(True)


def _play(kind, output, now):
    changes = {
        "submit": {"state": OutputState.SUBMITTED, "submitted_at": LONG_AGO, "waived_reason": ""},
        "waive": {"state": OutputState.WAIVED, "waived_reason": "x"},
        "back": {"state": OutputState.SENT_BACK, "submitted_at": LONG_AGO, "waived_reason": ""},
        "extend": {"extended_until": now.date() + datetime.timedelta(days=40), "extension_reason": "x"},
    }
    if kind in changes:
        Output.objects.filter(pk=output.pk).update(**changes[kind])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_passes_in_many_threads_remind_each_person_once():
    people = sorted(owed()[1].email for _ in range(6))
    sent, faults = [], []
    start = threading.Barrier(5)

    def one_pass():
        try:
            start.wait()
            sent.extend(row.to for row in send_reminders(now=at(TWO_WEEKS_BEFORE)))
        except Exception as error:  # noqa: BLE001 shown by the assertion below
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one_pass) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(sent) == people
    assert sorted(Letter.objects.values_list("to_address", flat=True)) == people


def test_what_was_submitted_between_looking_and_sending_is_left_alone(monkeypatch):
    output, _officer = owed()
    found = outputs_to_remind_of(at(TWO_WEEKS_BEFORE))
    Output.objects.filter(pk=output.pk).update(state=OutputState.SUBMITTED, submitted_at=LONG_AGO)
    monkeypatch.setattr("outputs.services.reminders.outputs_to_remind_of", lambda now, cohort: found)
    assert send() == []


def test_a_fault_in_one_output_leaves_the_letters_of_the_others(caplog):
    broken, _officer = owed(officer=UserFactory(time_zone="Mars/Olympus_Mons"))
    _output, officer = owed()
    assert send() == [(officer.email, 14)]
    assert f"The reminders of output {broken.code} could not be sent" in caplog.text


@pytest.mark.parametrize("count", [1, 4])
def test_looking_for_what_is_due_asks_three_queries(count, django_assert_num_queries):
    for _ in range(count):
        owed()
    with django_assert_num_queries(3):
        assert len(reminders_due(at(TWO_WEEKS_BEFORE))) == count


# --- The command ------------------------------------------------------------------------------------------------------


def told(capsys, *arguments):
    call_command("send_reminders", *arguments)
    return capsys.readouterr().out


def test_the_command_prints_what_it_did(capsys):
    output, officer = owed()
    sent = json.loads(told(capsys, "--now", TWO_WEEKS_BEFORE, "--json"))["sent"]
    letter = Letter.objects.get()
    assert sent == [
        {
            "to": officer.email,
            "about": str(output),
            "rule": 14,
            "due": "2026-12-07",
            "output": output.code,
            "cohort": output.participation.cohort.slug,
            "letter": letter.code,
        }
    ]
    assert json.loads(told(capsys, "--now", TWO_WEEKS_BEFORE, "--json")) == {"sent": []}


def test_a_dry_run_says_who_would_get_one_and_sends_nothing(capsys):
    _output, officer = owed()
    due = json.loads(told(capsys, "--now", TWO_WEEKS_BEFORE, "--dry-run", "--json"))["due"]
    assert [(row["to"], row["rule"]) for row in due] == [(officer.email, 14)]
    assert not Letter.objects.exists()
    assert "1 reminders due." in told(capsys, "--now", TWO_WEEKS_BEFORE, "--dry-run")


def test_a_moment_without_offset_is_meant_in_the_cohorts_zone(capsys):
    output, _officer = owed(officer=UserFactory(time_zone="UTC"))
    output.participation.cohort.time_zone = "Asia/Tokyo"
    output.participation.cohort.save()
    assert "0 reminders sent." in told(capsys, "--now", "2026-11-23T08:00:00")  # still the 22nd in UTC
    assert "1 reminders sent." in told(capsys, "--now", "2026-11-23T10:00:00")


def test_a_day_alone_means_its_noon(capsys):
    owed()
    assert "1 reminders sent." in told(capsys, "--now", "2026-11-23")


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "1900-01-01", "9999-12-31T23:59:59"])
def test_a_moment_that_is_none_is_refused_in_words(text):
    with pytest.raises(CommandError, match=r"--now"):
        call_command("send_reminders", "--now", text)


def test_an_unknown_cohort_is_refused_with_the_known_ones():
    output, _officer = owed()
    with pytest.raises(CommandError, match=output.participation.cohort.slug):
        call_command("send_reminders", "--cohort", "nothing")


def test_membership_that_began_later_counts():
    output, _officer = owed()
    send()
    late = MembershipFactory(participation=output.participation).user
    assert Membership.objects.count() == 2
    assert send("2026-11-24T09:00:00+01:00") == [(late.email, 14)]
