"""Reviewing: comments from many, a decision from whoever may decide. Each decision is about one frozen version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import ChecklistAnswer, Comment, Decision, Output, OutputVersion, PeerInvitation
from ..selectors.summary import summary_of
from ..states import OUTPUT_MOVES, Audience, OutputState, Verdict
from .documents import renew_documents
from .drafting import lock_output
from .library import enter_library
from .peers import tell_of_guest
from .submitting import officers_of, tell

MOST_CHARACTERS = 10_000


def latest_version(output: Output) -> OutputVersion:
    """The version that was submitted last."""
    return output.versions.order_by("-number").first()


@dataclass(frozen=True)
class Mark:
    """What a reviewer answers to one question of the checklist. Without a mark the question is open again."""

    question: str
    mark: str = ""
    comment: str = ""


@transaction.atomic
def keep_review(
    output: Output, *, by, now: datetime, marks: Iterable[Mark], version_number: int | None = None
) -> OutputVersion:
    """Keep the answers to the checklist without deciding yet. The city reads them with the decision, not before."""
    output = lock_output(output)
    if output.state != OutputState.SUBMITTED:
        raise Refused(_("There is nothing to decide now."))
    version = _version_read(output, version_number)
    _write_marks(version, marks, by=by, now=now)
    return version


@transaction.atomic
def send_back_output(
    output: Output,
    *,
    by,
    now: datetime,
    letter: str,
    version_number: int | None = None,
    marks: Iterable[Mark] = (),
) -> Output:
    """Ask the city for changes: opens this output alone again and sends the letter to its officers.

    The letter also lists what the checklist found wanting and the shared comments that are open.
    """
    given = {"by": by, "now": now, "letter": letter, "version_number": version_number, "marks": marks}
    return _decide(output, "send_back", Verdict.SENT_BACK, **given)


@transaction.atomic
def accept_output(
    output: Output,
    *,
    by,
    now: datetime,
    letter: str = "",
    version_number: int | None = None,
    marks: Iterable[Mark] = (),
) -> Output:
    """Accept what was submitted last and tell the city's officers. Its PDF is made anew: from now on it says accepted.

    The version enters the library.
    """
    given = {"by": by, "now": now, "letter": letter, "version_number": version_number, "marks": marks}
    output = _decide(output, "accept", Verdict.ACCEPTED, **given)
    version = latest_version(output)
    renew_documents(version, now=now)
    enter_library(version, now=now)
    return output


def _decide(
    output: Output,
    move: str,
    verdict: str,
    *,
    by,
    now: datetime,
    letter: str,
    version_number: int | None,
    marks: Iterable[Mark],
) -> Output:
    output = lock_output(output)
    state = OUTPUT_MOVES.target(move, state=output.state)
    version = _version_read(output, version_number)
    _write_marks(version, marks, by=by, now=now)
    decision = Decision(version=version, verdict=verdict, letter=letter.strip(), decided_by=by, decided_at=now)
    decision.full_clean()
    decision.save()
    output.state = state
    output.accepted_at = now if verdict == Verdict.ACCEPTED else None
    output.full_clean(exclude=["code"])
    output.save(update_fields=["state", "accepted_at", "updated_at"])
    verb = "outputs.output.accepted" if verdict == Verdict.ACCEPTED else "outputs.output.sent_back"
    record(output, verb, by=by, at=now, data={"version": version.number})
    kind = "output_accepted" if verdict == Verdict.ACCEPTED else "output_sent_back"
    summary = summary_of(version)
    for person in officers_of(output):
        tell(person, kind, output, now=now, decision=decision, version=version, by=by, summary=summary)
    return output


def _version_read(output: Output, number: int | None) -> OutputVersion:
    """The version to decide about; refuses where the reviewer had read an older one (`number`)."""
    version = latest_version(output)
    if number is not None and version.number != number:
        raise Refused(
            _("Version %(number)d was submitted meanwhile. Please read that one.") % {"number": version.number}
        )
    return version


def _write_marks(version: OutputVersion, marks: Iterable[Mark], *, by, now: datetime) -> None:
    for position, given in enumerate(marks, start=1):
        if given.mark:
            ChecklistAnswer.objects.update_or_create(
                version=version,
                question=given.question,
                defaults={
                    "position": position,
                    "mark": given.mark,
                    "comment": given.comment.strip(),
                    "answered_by": by,
                    "answered_at": now,
                },
            )
        else:
            version.checklist_answers.filter(question=given.question).delete()


@transaction.atomic
def comment_on_output(
    output: Output,
    *,
    text: str,
    by,
    now: datetime,
    anchor: str = "",
    audience: str = Audience.SHARED,
    parent: Comment | None = None,
    invitation: PeerInvitation | None = None,
) -> Comment:
    """Write a comment at a place of the output, or an answer to one. An answer is read by whoever reads its question.

    It is about the version that is being reviewed, if any. `invitation`: by which a guest from another city reads one
    version; what the guest says is about that one, and the city's officers get a letter.
    """
    text = text.strip()
    if not text or len(text) > MOST_CHARACTERS:
        raise Refused(_("Write a comment of at most %(most)d characters.") % {"most": MOST_CHARACTERS})
    version = invitation.version if invitation else None
    if version is None and output.state in (OutputState.SUBMITTED, OutputState.ACCEPTED):
        version = latest_version(output)
    if parent is not None:
        parent = parent.parent or parent  # answers form one row under the comment that began it
        anchor, audience, version = parent.anchor, parent.audience, parent.version
    comment = Comment.objects.create(
        output=output,
        version=version,
        anchor=anchor,
        audience=audience,
        text=text,
        parent=parent,
        author=by,
        written_at=now,
    )
    if audience == Audience.SHARED:  # internal remarks leave no line where the city would read that there is one
        record(output, "outputs.comment.written", by=by, at=now)
    if invitation:
        tell_of_guest(comment, invitation, now=now)
    return comment


@transaction.atomic
def solve_comment(comment: Comment, *, by, now: datetime) -> Comment:
    """Mark a comment, with its answers, as solved. Solving it twice changes nothing."""
    comment = (
        Comment.objects.select_for_update(of=("self",)).select_related("output__participation__city").get(pk=comment.pk)
    )
    if comment.solved_at is None:
        comment.solved_at, comment.solved_by = now, by
        comment.save(update_fields=["solved_at", "solved_by", "updated_at"])
        if comment.audience == Audience.SHARED:
            record(comment.output, "outputs.comment.solved", by=by, at=now)
    return comment


@transaction.atomic
def reopen_comment(comment: Comment, *, by, now: datetime) -> Comment:
    """Take back that a comment is solved. Does nothing to one that is open."""
    comment = (
        Comment.objects.select_for_update(of=("self",)).select_related("output__participation__city").get(pk=comment.pk)
    )
    if comment.solved_at is not None:
        comment.solved_at = comment.solved_by = None
        comment.save(update_fields=["solved_at", "solved_by", "updated_at"])
        if comment.audience == Audience.SHARED:
            record(comment.output, "outputs.comment.reopened", by=by, at=now)
    return comment
