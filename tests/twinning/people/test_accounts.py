"""Settings, roles on the platform, deactivation: as services."""

import datetime
import threading

import pytest
from django.db import connections

from tests.factories.cohorts import CohortTeamMemberFactory, FacilitatorAssignmentFactory
from tests.factories.mail import LetterFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.audit.selectors import history_of
from twinning.core.errors import Refused
from twinning.mail.services import deliver_queued_letters, queue_mail
from twinning.people.services.accounts import change_settings, deactivate_person, reactivate_person, set_role

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)


@pytest.fixture
def ada():
    return UserFactory(administrator=True, name="Ada")


def test_journal_says_which_settings_changed_and_not_to_what(ada):
    ann = UserFactory(name="Ann")
    change_settings(ann, by=ann, now=NOW, name="Ann Ng", language="de", theme="")
    ann.refresh_from_db()
    assert (ann.name, ann.language) == ("Ann Ng", "de")
    assert [line.sentence for line in history_of(ann)] == ["Ann Ng changed the settings of Ann Ng: name, language"]


def test_saving_without_a_change_leaves_no_line(ada):
    ann = UserFactory()
    change_settings(ann, by=ann, now=NOW, name=ann.name, language=ann.language)
    assert not JournalEntry.objects.exists()


def test_only_settings_are_settings(ada):
    ann = UserFactory()
    with pytest.raises(TypeError, match="platform_role"):
        change_settings(ann, by=ann, now=NOW, platform_role="administrator")


def test_role_is_given_and_taken_with_a_line_each(ada):
    ann = UserFactory(name="Ann")
    set_role(ann, role="observer", by=ada, now=NOW)
    set_role(ann, role="observer", by=ada, now=NOW)
    set_role(ann, role="", by=ada, now=NOW)
    ann.refresh_from_db()
    assert ann.platform_role == ""
    assert [line.sentence for line in history_of(ann)] == [
        "Ada changed the role of Ann from “Observer” to “None (city or host only)”",
        "Ada changed the role of Ann from “None (city or host only)” to “Observer”",
    ]


def test_last_administrator_keeps_the_role_and_the_account(ada):
    UserFactory(administrator=True, deactivated=True)
    coordinator = UserFactory(coordinator=True)
    with pytest.raises(Refused, match="last administrator"):
        set_role(ada, role="coordinator", by=ada, now=NOW)
    with pytest.raises(Refused, match="last administrator"):
        deactivate_person(ada, by=coordinator, now=NOW, reason="test")
    UserFactory(administrator=True)
    set_role(ada, role="coordinator", by=ada, now=NOW)
    ada.refresh_from_db()
    assert ada.platform_role == "coordinator"


def test_nobody_deactivates_themselves(ada):
    UserFactory(administrator=True)
    with pytest.raises(Refused, match="your own account"):
        deactivate_person(ada, by=ada, now=NOW, reason="tired")


def test_deactivation_and_return_are_journalled_and_happen_once(ada):
    ann = UserFactory(name="Ann", facilitator=True)
    deactivate_person(ann, by=ada, now=NOW, reason="Left.")
    with pytest.raises(Refused):
        deactivate_person(ann, by=ada, now=NOW, reason="Left.")
    ann.refresh_from_db()
    assert (ann.is_active, ann.is_facilitator) == (False, False)
    reactivate_person(ann, by=ada, now=NOW)
    with pytest.raises(Refused):
        reactivate_person(ann, by=ada, now=NOW)
    ann.refresh_from_db()
    assert ann.is_facilitator
    assert [line.sentence for line in history_of(ann)] == ["Ada let Ann sign in again", "Ada deactivated Ann: Left."]


def test_deactivated_person_gets_no_letters(ada, mailoutbox):
    ann = UserFactory()
    waiting, other = LetterFactory(to=ann), LetterFactory()
    deactivate_person(ann, by=ada, now=NOW, reason="Left.")
    ann.refresh_from_db()
    assert queue_mail("person_invited", to=ann, now=NOW) is None
    deliver_queued_letters(now=NOW)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    assert [message.to for message in mailoutbox] == [[other.to_address]]


def test_who_stops_facilitating_is_released_everywhere(ada):
    assignment = FacilitatorAssignmentFactory()
    fay = assignment.user
    member = CohortTeamMemberFactory(user=fay)
    set_role(fay, role="coordinator", by=ada, now=NOW)
    assignment.refresh_from_db()
    assert assignment.ended_at is None
    set_role(fay, role="observer", by=ada, now=NOW)
    assignment.refresh_from_db()
    assert assignment.ended_at == NOW
    assert not member.cohort.team_members.exists()
    assert history_of(assignment.pairing)[0].verb == "cohorts.facilitator.released"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_demote_each_other_at_the_same_moment():
    pair = UserFactory.create_batch(2, administrator=True)
    start, outcomes = threading.Barrier(2), []

    def demote(by, other):
        start.wait()
        try:
            set_role(other, role="observer", by=by, now=NOW)
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=demote, args=order) for order in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
