"""Letters leave the outbox over a real connection: once, with growing pauses after a refusal, never by two at once."""

import datetime
import threading

import pytest
from django.db import connection, connections, transaction

from tests.factories.mail import QUEUED_AT, LetterFactory
from tests.factories.people import UserFactory
from tests.helpers.smtp import mail_server
from tests.twinning.mail.backends import GreedyBackend
from twinning.core.errors import TransitionRefused
from twinning.mail.models import Letter
from twinning.mail.services import (
    MOST_ATTEMPTS,
    RETRY_AFTER,
    STALE_AFTER,
    ServerAway,
    _note_refusal,
    cancel_letter,
    deliver_letter,
    deliver_queued_letters,
    queue_written_mail,
    retry_letter,
)
from twinning.mail.states import LetterState

NOW = QUEUED_AT + datetime.timedelta(minutes=1)


@pytest.fixture
def sink(settings):
    with mail_server() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 5
        yield sink


@pytest.mark.django_db
def test_letter_arrives_with_both_texts_and_a_message_id_of_its_own(sink):
    letter = LetterFactory(to__email="ann@example.org", subject="Bom dia, São João", body_html="<p>Olá</p>")
    assert deliver_queued_letters(now=NOW) == 1
    (message,) = sink.messages
    assert message["To"] == "ann@example.org"
    assert message["Message-ID"] == f"<letter-{letter.code}@twinning.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.get_payload()] == ["text/plain", "text/html"]
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT
    assert NOW <= letter.sent_at < NOW + datetime.timedelta(seconds=10)


@pytest.mark.django_db
def test_sent_letter_is_never_sent_again(sink):
    LetterFactory()
    assert [deliver_queued_letters(now=NOW) for _pass in range(3)] == [1, 0, 0]
    assert len(sink.messages) == 1


@pytest.mark.django_db
def test_confidential_text_is_not_kept_once_it_is_sent(sink):
    secret, plain = LetterFactory(confidential=True, body_html="<p>link</p>"), LetterFactory()
    deliver_queued_letters(now=NOW)
    secret.refresh_from_db()
    plain.refresh_from_db()
    assert (secret.body_text, secret.body_html) == ("", "")
    assert plain.body_text == "The text of the letter."


@pytest.mark.django_db
def test_refusal_for_now_waits_longer_each_time_and_fails_in_the_end(sink):
    letter = LetterFactory(to__email="ann@example.org")
    sink.answers["ann@example.org"] = "450 mailbox busy"
    now, waits = NOW, []
    for _attempt in range(MOST_ATTEMPTS - 1):
        assert deliver_queued_letters(now=now) == 0
        letter.refresh_from_db()
        assert letter.state == LetterState.QUEUED
        waits.append(letter.next_try_at - now)
        assert deliver_queued_letters(now=letter.next_try_at - datetime.timedelta(seconds=1)) == 0
        now = letter.next_try_at
    assert [round(wait / datetime.timedelta(seconds=10)) * 10 for wait in waits] == [
        w.total_seconds() for w in RETRY_AFTER
    ]
    deliver_queued_letters(now=now)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (LetterState.FAILED, MOST_ATTEMPTS, "450 mailbox busy")
    assert deliver_queued_letters(now=now + datetime.timedelta(days=30)) == 0
    assert sink.messages == []


@pytest.mark.django_db
def test_address_that_does_not_exist_has_failed_at_once(sink):
    wrong, right = LetterFactory(to__email="typo@example.org"), LetterFactory()
    sink.answers["typo@example.org"] = "550 no such mailbox"
    assert deliver_queued_letters(now=NOW) == 1
    wrong.refresh_from_db()
    assert (wrong.state, wrong.attempts, wrong.error) == (LetterState.FAILED, 1, "550 no such mailbox")
    assert sink.recipients == [right.to_address]


@pytest.mark.django_db
def test_letter_that_the_server_calls_spam_has_failed_at_once(sink):
    letter = LetterFactory()
    sink.reply_to_data = "554 looks like spam"
    deliver_queued_letters(now=NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (LetterState.FAILED, "554 looks like spam")


@pytest.mark.django_db
def test_letter_that_cannot_be_written_does_not_stop_the_others(sink):
    broken, good = LetterFactory(), LetterFactory()
    Letter.objects.filter(pk=broken.pk).update(subject="two\nlines")
    assert deliver_queued_letters(now=NOW) == 1
    broken.refresh_from_db()
    assert broken.state == LetterState.FAILED
    assert sink.recipients == [good.to_address]


@pytest.mark.django_db
def test_server_that_is_away_costs_one_letter_a_try_and_no_other(settings):
    with mail_server() as gone:
        port = gone.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    LetterFactory.create_batch(3)
    assert deliver_queued_letters(now=NOW) == 0
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    with pytest.raises(ServerAway):
        deliver_letter(Letter.objects.filter(attempts=0).latest("pk").pk, now=NOW)


@pytest.mark.django_db
def test_letter_of_a_dead_worker_is_taken_back_and_sent(sink):
    letter = LetterFactory(state=LetterState.SENDING, claimed_at=NOW, attempts=1)
    assert deliver_queued_letters(now=NOW + STALE_AFTER) == 0
    assert deliver_queued_letters(now=NOW + STALE_AFTER + datetime.timedelta(seconds=1)) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.SENT, 2)


@pytest.mark.django_db
def test_worker_that_was_taken_for_dead_does_not_overwrite_its_successor(sink):
    letter = LetterFactory()
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENDING, claimed_at=NOW, attempts=1)
    late = Letter.objects.get(pk=letter.pk)
    deliver_queued_letters(now=NOW + STALE_AFTER * 2)
    _note_refusal(late, TimeoutError("too late"), now=NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (LetterState.SENT, "")


@pytest.mark.django_db
def test_two_deliverers_send_one_letter_once(settings):
    settings.EMAIL_BACKEND = "tests.twinning.mail.backends.GreedyBackend"
    letter = LetterFactory()
    GreedyBackend.begin()
    assert deliver_letter(letter.pk, now=NOW)
    assert GreedyBackend.sent == [letter.to_address]
    assert GreedyBackend.second_tries == [False]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_letter_once(sink):
    letters = LetterFactory.create_batch(20)
    start = threading.Barrier(4)

    def work():
        start.wait()
        try:
            deliver_queued_letters(now=NOW)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(sink.recipients) == sorted(letter.to_address for letter in letters)
    assert connection.vendor == "postgresql"


# --- What people do with letters ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_failed_letter_is_sent_when_somebody_asks_again(sink):
    letter = LetterFactory(failed=True, attempts=MOST_ATTEMPTS)
    by = UserFactory(administrator=True)
    assert deliver_queued_letters(now=NOW) == 0
    retry_letter(letter, by=by, now=NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (LetterState.SENT, 1, "")


@pytest.mark.django_db
def test_cancelled_letter_stays_until_somebody_asks_for_it(sink):
    letter, by = LetterFactory(), UserFactory(administrator=True)
    cancel_letter(letter, by=by, now=NOW)
    assert deliver_queued_letters(now=NOW) == 0
    retry_letter(letter, by=by, now=NOW)
    assert sink.recipients == [letter.to_address]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("traits", "move"), [({"sent": True}, retry_letter), ({"sent": True}, cancel_letter), ({}, retry_letter)]
)
def test_move_that_the_state_forbids_is_refused(traits, move):
    letter = LetterFactory(**traits)
    with pytest.raises(TransitionRefused):
        move(letter, by=UserFactory(administrator=True), now=NOW)


@pytest.mark.django_db
def test_subject_is_one_line_of_bearable_length(mailoutbox):
    queue_written_mail(
        "account_changed",
        to="ann@example.org",
        now=NOW,
        subject="a\r\nBcc: eve@example.org " + "x" * 400,
        body_text="t",
    )
    assert "\n" not in Letter.objects.get().subject
    assert len(Letter.objects.get().subject) == 300
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_many_letters_of_one_transaction_wake_the_worker_once(sink):
    with transaction.atomic():
        for number in range(3):
            queue_written_mail("account_changed", to=f"p{number}@example.org", now=NOW, subject="s", body_text="t")
        with transaction.atomic():
            queue_written_mail("account_changed", to="undone@example.org", now=NOW, subject="s", body_text="t")
            transaction.set_rollback(True)
        assert len(connection.run_on_commit) == 1
        assert sink.messages == []
    assert sorted(sink.recipients) == ["p0@example.org", "p1@example.org", "p2@example.org"]
