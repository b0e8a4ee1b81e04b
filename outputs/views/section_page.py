"""The page of one section, drawn after a GET and again when something of a form could not be saved."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..forms.submission import SubmissionForm
from ..kinds import FED_BY_IDEAS, Part, Section, Table
from ..models import Output
from ..pictures import drawn_of
from ..quality import Check, advice, answered, blocking, check_content, count_words
from ..registry import traced
from ..selectors.content import draft_content
from ..selectors.places import HOST_WRITES, PERMISSIONS, TWIN_WRITES, Draft, Place, dom_id
from ..selectors.prefill import suggestions_for
from ..selectors.reviews import Rights, comments_for, rights_of
from ..selectors.rows import summary_of, title_of
from ..services.drafting import Theirs
from ..services.submitting import day_in
from ..states import Audience
from .desk import section_steps

FEW = 6  # rows that nobody keeps in a spreadsheet


@dataclass
class Written:
    """What became of a form that was sent: texts that could not be saved come back with the reason."""

    conflicts: dict[str, tuple[Theirs, str]] = field(default_factory=dict)  # name -> theirs, mine
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> reason, mine
    homeless: list[str] = field(default_factory=list)  # texts of rows that somebody removed

    @property
    def is_saved(self) -> bool:
        return not (self.conflicts or self.refused or self.homeless)


def section_page(
    request: HttpRequest,
    output: Output,
    section: Section,
    written: Written | None = None,
    *,
    form: SubmissionForm | None = None,
    rights: Rights | None = None,
    of_row: tuple[Table, str] | None = None,
) -> HttpResponse:
    """The page of a section, or of the row of this code in one of its tables, with everything that hangs on that row."""
    written = written or Written()
    rights = rights or rights_of(request.user, output)
    draft = Draft(output, shows_facts=section.part == Part.CHECK or any(table.is_facts for table in section.tables))
    content = draft_content(output, language=request.LANGUAGE_CODE, rows=draft)
    checks = check_content(content)
    comments = comments_for(request.user, output, is_reviewer=rights.reviews)
    beside = Beside(rights, written, [check for check in checks if check.section == section.slug], comments)
    today = timezone.localdate()
    context = {
        "output": output,
        "section": section,
        "number": output.form.sections.index(section) + 1,
        "of": len(output.form.sections),
        "steps": section_steps(output, content, checks, section.slug),
        "host": content["host"],
        "written": written,
        "rights": rights,
        "last_saved": _last_saved(draft),
        "today": today,
        "days_late": output.days_late(today),
        "is_check": section.part == Part.CHECK,
        "is_cut_off": output.is_cut_off(day_in(output.participation.cohort, timezone.now())),
        "ideas_url": reverse("outputs:idea-list", args=[output.code]) if output.kind in FED_BY_IDEAS else "",
    }
    drawing = Drawing(output, section, draft, beside, opened=request.GET.get("open", ""), reader=request.user)
    context |= drawing.of_row(*of_row) if of_row else drawing.of_section() | {"drawn": drawn_beside(section, content)}
    if section.part == Part.CHECK:
        form = form or SubmissionForm(initial={"language": request.user.language})
        context |= _checklist(output, checks) | {"form": form}
    status = 200 if written.is_saved and not (form and form.errors) else 422
    template = "outputs/output_row.html" if of_row else "outputs/output_section.html"
    return render(request, template, context, status=status)


def drawn_beside(section: Section, content: dict[str, Any]) -> dict[str, Any]:
    """What the pictures on the page of a section are drawn of: those of its own tables, or of the one it speaks about."""
    return drawn_of(content, {table.slug for table in section.roots} | {section.picture_of})


@dataclass(frozen=True)
class Beside:
    """What stands beside the places of a section."""

    rights: Rights
    written: Written
    checks: list[Check]
    comments: list

    def allows(self, permission: str) -> bool:
        return {TWIN_WRITES: self.rights.writes, HOST_WRITES: self.rights.writes_host_part}[permission]


@dataclass(frozen=True)
class Drawing:
    """What a page of writing shows of places and tables, as plain dictionaries for its template."""

    output: Output
    section: Section
    draft: Draft
    beside: Beside
    opened: str  # the code of the row that is open at first
    reader: Any  # whoever asks: what a row grew from is shown as far as they may see it

    def of_section(self) -> dict[str, Any]:
        about_tables = {"", "objectives", *(f"table:{table.slug}" for table in self.section.tables)}
        return {
            "shown": [_shown(place, self.beside) for place in self.draft.of_section(self.section)],
            "tables": [self.table(table, self.draft.rows(table)) for table in self.section.roots],
            "section_checks": [check for check in self.beside.checks if check.anchor in about_tables],
            "leftovers": self.draft.leftovers,
            "previous_url": neighbour_url(self.output, self.section, -1),
        }

    def of_row(self, table: Table, code: str) -> dict[str, Any]:
        rows = self.draft.rows(table)
        number, row = next(((number, row) for number, row in enumerate(rows, start=1) if row.code == code), (0, None))
        if row is None:
            raise Http404
        children = self.section.children(table)
        return {
            "table": table,
            "row": self.row(table, row, number, len(rows)),
            "shown": self.places(row, table),
            "tables": [self.table(child, self.draft.children(child, row), parent=row) for child in children],
            "section_checks": [],
            "traced": traced(table.slug, row, self.reader),
            "previous_url": section_url(self.output, self.section),
        }

    def table(self, table: Table, rows: list[Any], parent: Any = None) -> dict[str, Any]:
        """A table of the section, or of one parent row. The first row with a problem is open."""
        drawn = [self.row(table, row, number, len(rows)) for number, row in enumerate(rows, start=1)]
        if not table.is_paged:
            for each in drawn:
                each["places"] = self.places(each["row"], table)
        may_arrange = not table.has_keys and self.beside.allows(PERMISSIONS[table.writer])
        arguments = [self.output.code, self.section.slug, table.slug]
        below = f"?parent={parent.code}" if parent else ""
        return {
            "table": table,
            "rows": drawn,
            "opened": self.opened or next((each["row"].code for each in drawn if each["problems"]), ""),
            "can_arrange": may_arrange,
            "can_add": may_arrange and len(rows) < table.most,
            "add_url": reverse("outputs:row-add", args=arguments) + below,
            "paste_url": reverse("outputs:row-paste", args=arguments) + below if table.most > FEW else "",
            "suggestions": suggestions_for(self.output, table.slug, self.draft) if may_arrange else [],
            "is_first_of_page": parent is None and table is self.section.roots[0],
        }

    def places(self, row: Any, table: Table) -> list[dict[str, Any]]:
        """The columns of one row; what was said about the whole row stands beside the first."""
        first, *others = self.draft.of_row(row, table)
        about_row = f"{table.prefix}:{row.code}"
        return [_shown(first, self.beside, about_row), *(_shown(place, self.beside) for place in others)]

    def row(self, table: Table, row: Any, number: int, count: int) -> dict[str, Any]:
        start, inside = f"{table.prefix}:{row.code}:", f"{row.code}."
        remarks = sum(
            comment.solved_at is None and (f"{comment.anchor}:".startswith(start) or inside in comment.anchor)
            for comment in self.beside.comments
        )
        problems = sum(
            check.blocks and (check.anchor.startswith(start) or check.row == row.code or inside in check.anchor)
            for check in self.beside.checks
        )
        urls = {}
        if not table.has_keys:
            arguments = [self.output.code, self.section.slug, table.slug, row.code]
            urls = {name: reverse(f"outputs:row-{name}", args=arguments) for name in ("move", "remove")}
            urls["open"] = reverse("outputs:output-row", args=arguments) if table.is_paged else ""
        return {
            "row": row,
            "number": number,
            "title": title_of(table, row) or f"{table.one} {number}".capitalize(),
            "summary": summary_of(table, row),
            "problems": problems,
            "remarks": remarks,
            "up": number - 1,
            "down": number + 1 if number < count else 0,
            "urls": urls,
        }


def _checklist(output: Output, checks: list[Check]) -> dict[str, Any]:
    return {
        "errors": [_linked(output, check) for check in blocking(checks)],
        "advice": [_linked(output, check) for check in advice(checks)],
        "answered": [_linked(output, check) for check in answered(checks)],
        "met": [check for check in checks if check.is_met],
    }


def _shown(place: Place, beside: Beside, about_row: str = "") -> dict[str, Any]:
    """One place as the template draws it: what to show in its control, and everything that stands beside it.

    `about_row`: the anchor of the row whose comments stand here too.
    """
    conflict, refusal = beside.written.conflicts.get(place.name), beside.written.refused.get(place.name)
    mine = conflict[1] if conflict else refusal[1] if refusal else place.value
    checks = [check for check in beside.checks if check.anchor == place.name and not check.is_met]
    return {
        "place": place,
        "can_write": beside.allows(place.permission),
        "mine": mine,
        "chosen": [code for code in mine.split(",") if code],
        "theirs": conflict[0] if conflict else None,
        "refusal": refusal[0] if refusal else "",
        "checks": checks,
        "remarks": [
            _remark(comment)
            for comment in beside.comments
            if comment.anchor == place.name or (about_row and comment.anchor == about_row)
        ],
        "words": count_words(mine),
        "described": _described(place, has_checks=bool(checks), is_refused=refusal is not None),
    }


def _described(place: Place, *, has_checks: bool, is_refused: bool) -> SafeString:
    """The attributes that tell a screen reader, with the control, what stands around it: help, unit, what is wrong."""
    around = (("help", place.help), ("unit", place.unit), ("checks", has_checks), ("error", is_refused))
    ids = " ".join(f"{place.dom_id}-{name}" for name, is_there in around if is_there)
    described = format_html(' aria-describedby="{}"', ids) if ids else SafeString("")
    return described + SafeString(' aria-invalid="true"') if is_refused else described


def _remark(comment) -> dict:
    solve = reverse("outputs:comment-solve", args=[comment.output.code, comment.code])
    answer = reverse("outputs:comment-add", args=[comment.output.code]) + f"?parent={comment.code}"
    answers = [f"{answer_row.author}: {answer_row.text}" for answer_row in comment.answers]
    return {
        "by": comment.author,
        "at": comment.written_at,
        "text": "\n".join([comment.text, *answers]),
        "is_solved": comment.solved_at is not None,
        "is_internal": comment.audience == Audience.INTERNAL,
        "answer_url": answer,
        "solve_url": solve,
    }


def _linked(output: Output, check: Check) -> dict:
    """A check with the address of its place; the page opens the row that it stands in."""
    url = reverse("outputs:output-section", args=[output.code, check.section])
    table = output.form.table(check.table)
    if table and table.is_paged:
        url = reverse("outputs:output-row", args=[output.code, check.section, table.slug, check.row])
    if check.row and check.anchor.count(":") > 1:
        url += f"?open={check.anchor.split(':')[-2]}"
    return {"check": check, "text": check.text, "url": f"{url}#{dom_id(check.anchor)}" if check.anchor else url}


def _last_saved(draft: Draft):
    """What was last written into this draft, with its writer."""
    return max(draft.written(), key=lambda row: row.edited_at, default=None)


def neighbour_url(output: Output, section: Section, step: int) -> str:
    sections = output.form.sections
    there = sections.index(section) + step
    if not 0 <= there < len(sections):
        return output.get_absolute_url()
    return reverse("outputs:output-section", args=[output.code, sections[there].slug])


def section_url(output: Output, section: Section) -> str:
    return reverse("outputs:output-section", args=[output.code, section.slug])


def row_url(output: Output, section: Section, table: Table, row: Any, *, parent: Any = None) -> str:
    """The page that shows a row (its own, its parent's or the section's), opened at the row; without one, the page alone."""
    if table.is_paged and row is not None:
        return reverse("outputs:output-row", args=[output.code, section.slug, table.slug, row.code])
    url = section_url(output, section)
    if parent is not None:
        url = reverse("outputs:output-row", args=[output.code, section.slug, table.parent, parent.code])
    return f"{url}?open={row.code}#row-{row.code}" if row is not None else f"{url}#f-table-{table.slug}"
