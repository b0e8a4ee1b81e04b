"""What is already known and can become a row: objectives and ideas become practices, practices become actions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..kinds.values import MOST_IN_LINE
from ..models import LearningObjective, Output, PlanAction, TransferCandidate, VisitIdea
from ..states import TAKEN_OVER, LearnerSide
from .rows import DraftRows


@dataclass(frozen=True)
class Suggestion:
    """Something known that a row can be made of. `key` names it in addresses; `values` are the texts of the new row."""

    key: str
    source: str  # where it comes from, in words
    title: str
    values: dict[str, str]


def suggestions_for(output: Output, table: str, draft: DraftRows | None = None) -> list[Suggestion]:
    """What can become a row of this table and has not yet. Two queries at most besides the rows of the table.

    `draft`: what a page has read of this output already.
    """
    spec, make = output.form.table(table), MAKERS.get(table)
    return list(make(output, (draft or DraftRows(output)).rows(spec))) if spec and make else []


def _for_candidates(output: Output, candidates: Iterable[TransferCandidate]) -> Iterator[Suggestion]:
    used = {row.idea_id for row in candidates}
    ideas = VisitIdea.objects.of_participation(output.participation_id).present().select_related("event")
    for idea in ideas:
        if idea.pk not in used:
            source = str(idea.event) if idea.event else _("Idea from a visit")
            values = {"name": idea.title, "components": idea.note, "idea": idea.code}
            yield Suggestion(f"idea-{idea.code}", source, idea.title, values)
    used = {row.objective_id for row in candidates}
    for objective in _objectives(output):
        if objective.pk not in used:
            values = {
                "name": one_line(objective.question),
                "need": objective.why_it_matters,
                "objective": objective.code,
            }
            yield Suggestion(f"objective-{objective.code}", _("Your roadmap"), objective.question, values)


def _objectives(output: Output):
    rows = LearningObjective.objects.of_participation(output.participation_id).filter(side=LearnerSide.TWIN)
    return rows.exclude(question="").present()


def _for_actions(output: Output, actions: Iterable[PlanAction]) -> Iterator[Suggestion]:
    used = {row.candidate_id for row in actions}
    rows = TransferCandidate.objects.of_participation(output.participation_id).filter(verdict__in=TAKEN_OVER)
    for row in rows.present():
        if row.pk not in used:
            values = {
                "name": row.name,
                "candidate": row.code,
                "description": "\n".join(filter(None, [row.components, row.adaptation])),
                "effect": row.effect,
            }
            source = _("Your assessment: %(verdict)s") % {"verdict": row.get_verdict_display()}
            yield Suggestion(f"candidate-{row.code}", source, row.name, values)


def one_line(text: str) -> str:
    """A text as it fits a line of a row."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_IN_LINE else f"{line[: MOST_IN_LINE - 1].rstrip()}…"


MAKERS: dict[str, Callable[[Output, Iterable[Any]], Iterator[Suggestion]]] = {
    "candidates": _for_candidates,
    "actions": _for_actions,
}
