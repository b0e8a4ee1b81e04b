"""The page of one section, drawn after a GET and again when something of a form could not be saved."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ..forms.submission import SubmissionForm
from ..kinds import MOST_OBJECTIVES, Part, Section
from ..models import Output
from ..quality import Check, advice, blocking, check_content, count_words
from ..selectors.content import SIDES, draft_content
from ..selectors.places import HOST_WRITES, TWIN_WRITES, Draft, Place, dom_id
from ..selectors.reviews import Rights, comments_for, rights_of
from ..services.drafting import Theirs
from .desk import section_steps


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
    written: Written,
    *,
    form: SubmissionForm | None = None,
    rights: Rights | None = None,
) -> HttpResponse:
    rights = rights or rights_of(request.user, output)
    draft = Draft(output)
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
        "shown": [_shown(place, beside) for place in draft.of_section(section)],
        "section_checks": [check for check in beside.checks if check.anchor in ("", "objectives")],
        "written": written,
        "rights": rights,
        "last_saved": _last_saved(draft),
        "today": today,
        "days_late": output.days_late(today),
        "previous_url": neighbour_url(output, section, -1),
        "is_check": section.part == Part.CHECK,
    }
    context |= _rows(draft, section, beside, opened=request.GET.get("open", ""))
    if section.part == Part.CHECK:
        form = form or SubmissionForm(initial={"language": request.user.language})
        context |= _checklist(output, checks) | {"form": form}
    status = 200 if written.is_saved and not (form and form.errors) else 422
    return render(request, "outputs/output_section.html", context, status=status)


@dataclass(frozen=True)
class Beside:
    """What stands beside the places of a section."""

    rights: Rights
    written: Written
    checks: list[Check]
    comments: list

    def allows(self, permission: str) -> bool:
        return {TWIN_WRITES: self.rights.writes, HOST_WRITES: self.rights.writes_host_part}[permission]


def _rows(draft: Draft, section: Section, beside: Beside, *, opened: str) -> dict[str, Any]:
    """The objectives of a section, and what may be done with them. The first with a problem is open."""
    rows = draft.rows_of(section)
    objectives = [
        {
            "row": row,
            "number": number,
            "places": [_shown(place, beside) for place in draft.of_objective(row)],
            "problems": sum(
                check.blocks and check.anchor.startswith(f"objective:{row.code}") for check in beside.checks
            ),
            "is_first": number == 1,
            "is_last": number == len(rows),
        }
        for number, row in enumerate(rows, start=1)
    ]
    may_arrange = beside.allows(HOST_WRITES if section.part == Part.HOST_OBJECTIVES else TWIN_WRITES)
    return {
        "objectives": objectives,
        "opened": opened or next((each["row"].code for each in objectives if each["problems"]), ""),
        "can_arrange": may_arrange,
        "can_add": section.part in SIDES and may_arrange and len(rows) < MOST_OBJECTIVES,
    }


def _checklist(output: Output, checks: list[Check]) -> dict[str, Any]:
    return {
        "errors": [_linked(output, check) for check in blocking(checks)],
        "advice": [_linked(output, check) for check in advice(checks)],
        "met": [check for check in checks if check.is_met],
    }


def _shown(place: Place, beside: Beside) -> dict[str, Any]:
    """One place as the template draws it: what to show in its control, and everything that stands beside it."""
    conflict, refusal = beside.written.conflicts.get(place.name), beside.written.refused.get(place.name)
    mine = conflict[1] if conflict else refusal[1] if refusal else place.value
    return {
        "place": place,
        "can_write": beside.allows(place.permission),
        "mine": mine,
        "chosen": [code for code in mine.split(",") if code],
        "theirs": conflict[0] if conflict else None,
        "refusal": refusal[0] if refusal else "",
        "checks": [check for check in beside.checks if check.anchor == place.name and not check.is_met],
        "remarks": [_remark(comment) for comment in beside.comments if comment.anchor == place.name],
        "words": count_words(mine),
    }


def _remark(comment) -> dict:
    solve = reverse("outputs:comment-solve", args=[comment.output.code, comment.code])
    answer = reverse("outputs:comment-add", args=[comment.output.code]) + f"?parent={comment.code}"
    answers = [f"{answer_row.author}: {answer_row.text}" for answer_row in comment.answers]
    return {
        "by": comment.author,
        "at": comment.written_at,
        "text": "\n".join([comment.text, *answers]),
        "is_solved": comment.solved_at is not None,
        "answer_url": answer,
        "solve_url": solve,
    }


def _linked(output: Output, check: Check) -> dict:
    """A check with the address of its place; the page opens the row that it stands in."""
    url = reverse("outputs:output-section", args=[output.code, check.section])
    if check.anchor.startswith("objective:"):
        url += f"?open={check.anchor.split(':')[1]}"
    return {"text": check.text, "url": f"{url}#{dom_id(check.anchor)}" if check.anchor else url}


def _last_saved(draft: Draft):
    """When something was last written into this draft, by whom."""
    rows = [row for row in [*draft.answers.values(), *draft.objectives] if row.edited_at]
    return max(rows, key=lambda row: row.edited_at, default=None)


def neighbour_url(output: Output, section: Section, step: int) -> str:
    sections = output.form.sections
    there = sections.index(section) + step
    if not 0 <= there < len(sections):
        return output.get_absolute_url()
    return reverse("outputs:output-section", args=[output.code, sections[there].slug])


def section_url(output: Output, section: Section) -> str:
    return reverse("outputs:output-section", args=[output.code, section.slug])
