"""What a reviewer found in one version, in one place: for the letter that sends it back and for the city's page."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from ..kinds.checklists import QUESTIONS
from ..models import Checklist, ChecklistAnswer, Comment, Output, OutputVersion
from ..states import Audience, ReviewMark
from .comparing import writing_of


@dataclass(frozen=True)
class Remark:
    """A comment with the name of its place."""

    place: str
    comment: Comment


@dataclass(frozen=True)
class Summary:
    answers: list[ChecklistAnswer]
    remarks: list[Remark]  # shared and open, also those about earlier versions: the city still has to answer them

    @property
    def wanting(self) -> list[ChecklistAnswer]:
        """What was answered with less than yes."""
        return [answer for answer in self.answers if answer.mark != ReviewMark.YES]


def summary_of(version: OutputVersion) -> Summary:
    """Two queries."""
    answers = list(version.checklist_answers.order_by("position", "pk"))
    shared = Comment.objects.filter(output=version.output_id, audience=Audience.SHARED)
    comments = shared.filter(parent=None, solved_at=None).select_related("author")
    names = place_names(version.content)
    remarks = [Remark(names.get(row.anchor, ""), row) for row in comments.order_by("written_at", "pk")]
    return Summary(answers, remarks)


def place_names(content: dict[str, Any]) -> dict[str, str]:
    """Anchor -> what the place is called: the label of a text, the name of a row, both for a text in a row."""
    names = {}
    for section in writing_of(content):
        names |= {text.anchor: text.label for text in section.texts}
        for table in section.tables:
            for row in table.rows:
                name = _short(row.name) or table.label
                names[f"{table.anchor}:{row.code}"] = name
                for text in row.texts:
                    names[text.anchor] = _("%(text)s of “%(row)s”") % {"text": text.label, "row": name}
    return names


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79].rstrip() + "…"


def questions_for(output: Output) -> list[str]:
    """The checklist for this output: its programme's own, else the proposal in the language of the source. One query."""
    own = Checklist.objects.filter(programme__cohorts=output.participation.cohort_id, kind=output.kind).first()
    with translation.override(settings.LANGUAGE_CODE):
        return questions_of(own, output.kind)


def questions_of(own: Checklist | None, kind: str) -> list[str]:
    return list(own.questions) if own else [str(question) for question in QUESTIONS.get(kind, ())]
