"""What the pages of an output show beside its text: versions with their documents, comments, rights of the reader."""

from dataclasses import dataclass

from django.db.models import FilteredRelation, Q, QuerySet

from twinning.audit.models import JournalEntry
from twinning.core.access import may

from ..models import Comment, Output, OutputVersion
from ..states import OUTPUT_MOVES, WRITABLE, DocumentFormat, DocumentState, OutputState


@dataclass(frozen=True)
class Rights:
    """What one reader may do with one output now: the policy and the table of moves together."""

    writes: bool  # the twin's part
    writes_host_part: bool
    reviews: bool
    steers: bool  # waives, reopens
    state: str

    @property
    def can_write(self) -> bool:
        return (self.writes or self.writes_host_part) and self.state in WRITABLE

    @property
    def can_submit(self) -> bool:
        return self.writes and OUTPUT_MOVES.allows("submit", state=self.state)

    @property
    def can_submit_on_behalf(self) -> bool:
        return self.reviews and not self.writes and OUTPUT_MOVES.allows("submit", state=self.state)

    @property
    def can_decide(self) -> bool:
        return self.reviews and self.state == OutputState.SUBMITTED

    @property
    def can_comment(self) -> bool:
        return self.writes or self.writes_host_part or self.reviews

    @property
    def is_reader_who_comments(self) -> bool:
        """Those who do not write the text get a link for a comment at each passage."""
        return self.can_comment and not self.writes

    @property
    def can_extend(self) -> bool:
        return self.reviews and self.state not in (OutputState.ACCEPTED, OutputState.WAIVED)

    @property
    def can_waive(self) -> bool:
        return self.steers and OUTPUT_MOVES.allows("waive", state=self.state)

    @property
    def can_unwaive(self) -> bool:
        return self.steers and OUTPUT_MOVES.allows("unwaive", state=self.state)

    @property
    def can_reopen(self) -> bool:
        return self.steers and OUTPUT_MOVES.allows("reopen", state=self.state)

    @property
    def can_retry(self) -> bool:
        return self.writes or self.reviews


def rights_of(user, output: Output) -> Rights:
    return Rights(
        writes=may(user, "outputs.write_output", output),
        writes_host_part=may(user, "outputs.write_host_part", output),
        reviews=may(user, "outputs.review_output", output),
        steers=may(user, "outputs.waive_output", output),
        state=output.state,
    )


def versions_of(output: Output) -> list[OutputVersion]:
    """The frozen versions, newest first, each with decision, people and its `files`. One query; their content stays behind."""
    rows = output.versions.annotate(pdf=_file(DocumentFormat.PDF), archive=_file(DocumentFormat.ARCHIVAL))
    rows = rows.select_related("submitted_by", "decision__decided_by", "pdf", "archive").defer("content")
    versions = list(rows.order_by("-number"))
    for version in versions:
        version.files = [getattr(version, name) for name in ("pdf", "archive") if hasattr(version, name)]
    return versions


def _file(file_format: str) -> FilteredRelation:
    """The one document that a version has in this format."""
    return FilteredRelation("documents", condition=Q(documents__format=file_format))


def reopening_of(output: Output) -> JournalEntry | None:
    """Who reopened an output that had been accepted, when and why. One query."""
    return JournalEntry.objects.about(output).filter(verb="outputs.output.reopened").select_related("by").first()


def comments_for(user, output: Output, *, is_reviewer: bool) -> list[Comment]:
    """The comments that begin a row, oldest first, as far as `user` reads them; each with `.answers`."""
    return in_rows(output.comments.for_reader(user, is_reviewer=is_reviewer))


def in_rows(comments: QuerySet[Comment]) -> list[Comment]:
    """These comments in rows: those that begin one, oldest first, each with `.answers`. One query."""
    rows = comments.select_related("author", "solved_by", "version").defer("version__content")
    rows = list(rows.order_by("written_at", "pk"))
    answers: dict[int, list[Comment]] = {}
    for row in rows:
        if row.parent_id:
            answers.setdefault(row.parent_id, []).append(row)
    first = [row for row in rows if not row.parent_id]
    for row in first:
        row.answers = answers.get(row.pk, [])
    return first


def is_being_made(versions: list[OutputVersion]) -> bool:
    """Whether a worker still has something to do for one of these versions."""
    moving = (DocumentState.QUEUED, DocumentState.RENDERING)
    return any(document.state in moving for version in versions for document in version.files)
