"""Queueing, delivering, retrying and cancelling letters.

Exactly-once e-mail does not exist: if a worker dies between the mail server's "accepted" and our commit, the letter
goes out again after `STALE_AFTER`. It carries the same Message-ID, so that mail programs can drop the second one.
"""

import logging
import time
import zoneinfo
from datetime import datetime, timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from twinning.audit.services import record

from .models import Letter
from .registry import KINDS
from .states import LETTER_MOVES, LetterState

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=3)  # a letter claimed longer ago belonged to a worker that died
# How long a letter waits after its first, second, ... refusal. After the last one it has failed and waits for a person.
RETRY_AFTER = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
]
MOST_ATTEMPTS = len(RETRY_AFTER) + 1
LETTERS_A_PASS = 100


# --- Queueing -------------------------------------------------------------------------------------------------------


@transaction.atomic
def queue_mail(
    kind: str,
    *,
    to,
    now: datetime,
    about: models.Model | None = None,
    cohort_slug: str = "",
    context: dict | None = None,
    once_key: str | None = None,
    language: str | None = None,
) -> Letter | None:
    """Write one letter to one person into the outbox; it leaves after the surrounding transaction commits.

    `to` is a user, or the bare address of somebody without an account; `language` is only asked for such an address.
    Rendered here, in the reader's language and zone. Returns None where a letter with this `once_key` was written
    before, or where the account is deactivated. Raises LookupError for an unknown kind.
    """
    if not isinstance(to, str) and not to.is_active:
        return None
    if once_key and Letter.objects.filter(once_key=once_key).exists():
        return None
    letter = compose_letter(kind, to=to, about=about, context=context, language=language)
    letter.cohort_slug, letter.once_key, letter.queued_at = cohort_slug, once_key, now
    return _put_into_outbox(letter)


def compose_letter(
    kind: str, *, to, about: models.Model | None = None, context: dict | None = None, language: str | None = None
) -> Letter:
    """The letter as `queue_mail` would write it, not saved: also what a preview shows. Raises LookupError for an unknown kind."""
    letter_kind = _kind(kind)
    user = None if isinstance(to, str) else to
    language = user.language if user else language or settings.LANGUAGE_CODE
    zone = zoneinfo.ZoneInfo(user.time_zone if user else settings.TIME_ZONE)
    with translation.override(language), timezone.override(zone):
        words = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "reader": user, "about": about}
        words |= context or {}
        subject = _one_line(render_to_string(f"{letter_kind.template}.subject.txt", words))
        why = str(letter_kind.why)
        words |= {"LANGUAGE_CODE": language, "subject": subject, "why": why}
        return Letter(
            kind=kind,
            to=user,
            to_address=user.email if user else to,
            language=language,
            subject=subject,
            body_text=render_to_string(f"{letter_kind.template}.txt", words).strip() + "\n",
            body_html=render_to_string(f"{letter_kind.template}.html", words),
            why=why,
            about_type=about._meta.label_lower if about else "",
            about_id=about.pk if about else None,
            about_label=str(about)[:200] if about else "",
        )


@transaction.atomic
def queue_written_mail(
    kind: str, *, to, now: datetime, subject: str, body_text: str, body_html: str = "", language: str | None = None
) -> Letter:
    """Put a letter into the outbox that somebody else has written already (the sign-in library writes its own).

    `to` and `language` as for `queue_mail`. Raises LookupError for an unknown kind.
    """
    letter_kind = _kind(kind)
    user = None if isinstance(to, str) else to
    language = user.language if user else language or settings.LANGUAGE_CODE
    with translation.override(language):
        why = str(letter_kind.why)
    letter = Letter(
        kind=kind,
        to=user,
        to_address=user.email if user else to,
        language=language,
        subject=_one_line(subject),
        body_text=body_text.strip() + "\n",
        body_html=body_html,
        why=why,
        queued_at=now,
    )
    return _put_into_outbox(letter)


def _kind(slug: str):
    if slug not in KINDS:
        raise LookupError(f"No letter kind {slug!r}. Register it in the app's mails.py.")
    return KINDS[slug]


def _one_line(subject: str) -> str:
    """A subject without line breaks, which would forge headers, and no longer than its column."""
    return " ".join(subject.split())[:300]


def _put_into_outbox(letter: Letter) -> Letter | None:
    if letter.once_key:
        # Two workers may come this far together: the unique key decides, without an error in either.
        Letter.objects.bulk_create([letter], ignore_conflicts=True)
        letter = Letter.objects.filter(once_key=letter.once_key, code=letter.code).first()
        if letter is None:
            return None
    else:
        letter.save()
    _hint_worker_after_commit()
    return letter


def _hint_worker_after_commit() -> None:
    """One hint for all letters of a transaction: announcing a cohort writes a hundred."""
    is_asked_already = any(callback is _hint_worker for _ids, callback, _robust in connection.run_on_commit)
    if not is_asked_already:
        transaction.on_commit(_hint_worker)


def _hint_worker() -> None:
    """Tell a worker that there is something to deliver. Only a hint: beat looks every few seconds anyway."""
    from .tasks import deliver_queued  # noqa: PLC0415 circular: a task imports its service

    try:
        deliver_queued.delay()
    except Exception:
        logger.warning("The broker cannot be reached; letters wait for the next pass.", exc_info=True)


# --- What people do with letters --------------------------------------------------------------------------------------


@transaction.atomic
def retry_letter(letter: Letter, *, by, now: datetime) -> Letter:
    """Send a failed or cancelled letter after all: at once, with all its tries before it. Journals it."""
    letter = _moved(letter, "retry")
    letter.attempts, letter.next_try_at, letter.error = 0, None, ""
    letter.save(update_fields=["state", "attempts", "next_try_at", "error", "updated_at"])
    record(letter, "mail.letter.retried", by=by, at=now)
    _hint_worker_after_commit()
    return letter


@transaction.atomic
def cancel_letter(letter: Letter, *, by, now: datetime) -> Letter:
    """Never send a letter that has not left yet. Journals it."""
    letter = _moved(letter, "cancel")
    letter.save(update_fields=["state", "updated_at"])
    record(letter, "mail.letter.cancelled", by=by, at=now)
    return letter


@transaction.atomic
def cancel_letters_to(user, *, by, now: datetime) -> None:
    """Cancel what waits for somebody who is to get no more letters. Journals each."""
    waiting = Letter.objects.filter(to=user, state__in=[LetterState.QUEUED, LetterState.FAILED])
    for letter in waiting.order_by("pk"):
        cancel_letter(letter, by=by, now=now)


def _moved(letter: Letter, move: str) -> Letter:
    """The locked letter in the move's target state, not saved. The row decides, not what a page showed before.

    Where rows cannot be locked (SQLite) writers come one after another anyway.
    """
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    letter.state = LETTER_MOVES.target(move, state=letter.state)
    return letter


# --- Delivering -------------------------------------------------------------------------------------------------------


def deliver_queued_letters(*, now: datetime) -> int:
    """Send what waits in the outbox; take back what a dead worker had claimed. Returns how many were sent.

    `now` is when the pass begins; it goes on from there, so that a long one does not claim letters in the past.
    The pass ends early when the mail server cannot be reached.
    """
    started = time.monotonic()
    Letter.objects.filter(state=LetterState.SENDING, claimed_at__lt=now - STALE_AFTER).update(state=LetterState.QUEUED)
    waiting = Letter.objects.waiting_at(now).order_by("queued_at", "pk").values_list("pk", flat=True)
    sent = 0
    for pk in list(waiting[:LETTERS_A_PASS]):
        try:
            sent += deliver_letter(pk, now=now + timedelta(seconds=time.monotonic() - started))
        except ServerAway:
            break
    return sent


class ServerAway(Exception):
    """The mail server cannot be reached: the other letters of a pass need not try."""


def deliver_letter(pk: int, *, now: datetime) -> bool:
    """Send one letter. False where another worker has it already or the mail server refused it.

    A refusal is noted on the row and the letter waits for its next try (`RETRY_AFTER`); what the server refuses for
    good, such as an address that does not exist, has failed at once. Raises `ServerAway` after noting it.
    """
    letter = _claim(pk, now)
    if letter is None:
        return False
    try:
        _as_message(letter).send()
    except (OSError, ValueError) as error:  # SMTPException is an OSError
        _note_refusal(letter, error, now=now)
        if _is_about_the_server(error):
            raise ServerAway from error
        return False
    _finish(letter, now=now)
    return True


def _claim(pk: int, now: datetime) -> Letter | None:
    """The letter, if nobody else has it: one conditional update decides on every database."""
    claimed = (
        Letter.objects.waiting_at(now)
        .filter(pk=pk)
        .update(state=LetterState.SENDING, claimed_at=now, attempts=models.F("attempts") + 1)
    )
    return Letter.objects.get(pk=pk) if claimed else None


def _mine(letter: Letter):
    """The row, as long as this claim on it holds: a worker that was taken for dead must not overwrite its successor."""
    return Letter.objects.filter(pk=letter.pk, state=LetterState.SENDING, attempts=letter.attempts)


def _finish(letter: Letter, *, now: datetime) -> None:
    changes = {"state": LetterState.SENT, "sent_at": now, "error": "", "next_try_at": None, "updated_at": now}
    if letter.is_confidential:
        changes |= {"body_text": "", "body_html": ""}
    _mine(letter).update(**changes)


def _note_refusal(letter: Letter, error: Exception, *, now: datetime) -> None:
    has_failed = _is_for_good(error) or letter.attempts >= MOST_ATTEMPTS
    _mine(letter).update(
        state=LetterState.FAILED if has_failed else LetterState.QUEUED,
        next_try_at=None if has_failed else now + RETRY_AFTER[letter.attempts - 1],
        error=_in_words(error)[:500],
        updated_at=now,
    )
    logger.warning("Letter %s was not accepted: %s", letter.code, _in_words(error))


def _is_for_good(error: Exception) -> bool:
    """Whether trying again is of no use: the server answered 5xx about this letter, or it cannot be written at all."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _answer in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def _is_about_the_server(error: Exception) -> bool:
    if isinstance(error, SMTPServerDisconnected | SMTPConnectError | SMTPAuthenticationError):
        return True
    return isinstance(error, OSError) and not isinstance(error, SMTPException)


def _in_words(error: Exception) -> str:
    """The server's answer as text, without addresses of Python objects around it."""
    if isinstance(error, SMTPRecipientsRefused):
        answers = [f"{code} {_decoded(answer)}" for code, answer in error.recipients.values()]
        return "; ".join(answers)
    if isinstance(error, SMTPDataError):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return str(error) or type(error).__name__


def _decoded(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _as_message(letter: Letter) -> EmailMultiAlternatives:
    domain = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip("> ")
    headers = {"Message-ID": f"<letter-{letter.code}@{domain}>", "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(letter.subject, letter.body_text, to=[letter.to_address], headers=headers)
    if letter.body_html:
        message.attach_alternative(letter.body_html, "text/html")
    return message
