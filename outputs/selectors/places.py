"""Places of a draft: everything that can be written, one by one, each under a name that pages, autosave and comments use.

`answer:<field>` is prose, `terms:domains` and `terms:levers` are choices, `objective:<code>:<field>` is one field of a row.
The value of every place is a text: codes joined by commas for choices of several, ISO for dates, codes for choices of one.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohorts.models import Event, Term
from cohorts.models.vocabulary import DOMAINS, LEVERS

from ..kinds import MOST_DOMAINS, OBJECTIVE_WORDS, Field, Part, Section
from ..models import LearningObjective
from ..states import ActivityKind, LearnerSide, LearningType, ObjectiveState
from .content import SIDES, DraftRows

MOST_CHARACTERS = 20_000
TWIN_WRITES, HOST_WRITES = "outputs.write_output", "outputs.write_host_part"
VOCABULARIES = {"domains": DOMAINS, "levers": LEVERS}

Words = str | Promise


@dataclass(frozen=True)
class ObjectiveField:
    """One field of an objective's row. `control`: text, line, choice or date."""

    slug: str
    label: Words
    help: Words = ""
    control: str = "text"
    is_required: bool = False
    host_label: Words = ""  # where the host is the one who learns

    def label_for(self, side: str) -> Words:
        return self.host_label if side == LearnerSide.HOST and self.host_label else self.label


OBJECTIVE_FIELDS = (
    ObjectiveField(
        "question",
        _("Question you want answered"),
        _("One question. Start with what, how, which or who."),
        "text",
        True,
    ),
    ObjectiveField("learning_type", _("Kind of learning"), "", "choice"),
    ObjectiveField(
        "why_it_matters",
        _("Why it matters locally"),
        _("Two to four sentences. Name a plan, a number or a decision if you can."),
    ),
    ObjectiveField(
        "offer",
        _("What the host can show"),
        _("Written by the host: people, places, documents and experience that help to answer the question."),
        host_label=_("What the twin can show"),
    ),
    ObjectiveField("activity", _("Activity that will answer it"), "", "choice", True),
    ObjectiveField("activity_note", _("The activity in words"), _("What you will see, ask or do there.")),
    ObjectiveField(
        "event", _("Event"), _("The event of your calendar at which it happens, if there is one."), "choice"
    ),
    ObjectiveField("learners", _("Who must learn this"), _("Departments or people. They get no message from us.")),
    ObjectiveField(
        "owner",
        pgettext_lazy("of an objective", "Owner"),
        _("Who sees to it that the question is answered."),
        "line",
        True,
    ),
    ObjectiveField("evidence", _("Evidence of learning"), _("How others can see that it was learned.")),
    ObjectiveField("due_on", _("Answered by"), "", "date"),
    ObjectiveField("state", _("State"), "", "choice"),
)
FIELD_BY_SLUG = {each.slug: each for each in OBJECTIVE_FIELDS}


@dataclass(frozen=True)
class Place:
    """One thing to write, with what stands there now."""

    name: str
    label: Words
    value: str
    permission: str
    section: str
    help: Words = ""
    control: str = "text"  # text, line, choice, date, several
    words: int = 0
    rows: int = 3
    is_required: bool = False
    most: int = 0  # of several
    choices: tuple[tuple[str, Words], ...] = ()
    written_by: Any = None
    written_at: datetime.datetime | None = None
    objective: LearningObjective | None = field(default=None, compare=False)

    @property
    def dom_id(self) -> str:
        return dom_id(self.name)

    @property
    def may_be_empty(self) -> bool:
        return not self.name.endswith(":state")

    @property
    def chosen(self) -> list[str]:
        return [code for code in self.value.split(",") if code]

    @property
    def value_label(self) -> str:
        """The value in words."""
        labels = dict(self.choices)
        if self.control == "several":
            return ", ".join(str(labels.get(code, code)) for code in self.chosen)
        if self.control == "choice":
            return str(labels.get(self.value, self.value)) if self.value else ""
        return self.value


def dom_id(name: str) -> str:
    """The id of a place's control on a page."""
    return "f-" + name.replace(":", "-")


class Draft(DraftRows):
    """The places of one output; few queries, whatever is asked."""

    @cached_property
    def offered_terms(self) -> dict[str, list[Term]]:
        rows = Term.objects.filter(vocabulary__slug__in=VOCABULARIES.values(), is_retired=False)
        offered: dict[str, list[Term]] = {DOMAINS: [], LEVERS: []}
        for term in rows.select_related("vocabulary").order_by("position", "pk"):
            offered[term.vocabulary.slug].append(term)
        return offered

    def find(self, name: str) -> Place | None:
        """The place of this name, None where the output has none such."""
        kind, _colon, rest = name.partition(":")
        if kind == "answer":
            prose, section = self.output.form.field(rest), self.output.form.section_of(rest)
            return self._answer(prose, section) if prose and section else None
        if kind == "terms":
            section = self.output.form.section_with(Part.TERMS)
            return self._terms(rest, section) if section and rest in VOCABULARIES else None
        code, _colon, slug = rest.partition(":")
        row = next((each for each in self.objectives if each.code == code), None)
        if kind != "objective" or row is None or slug not in FIELD_BY_SLUG:
            return None
        return self._of_objective(row, FIELD_BY_SLUG[slug])

    def of_section(self, section: Section) -> list[Place]:
        """Prose and choices of a section; rows come from `of_objective`."""
        terms = [self._terms(name, section) for name in VOCABULARIES] if section.part == Part.TERMS else []
        return terms + [self._answer(prose, section) for prose in section.fields]

    def rows_of(self, section: Section) -> list[LearningObjective]:
        side = SIDES.get(section.part)
        return [row for row in self.objectives if row.side == side] if side else []

    def of_objective(self, row: LearningObjective) -> list[Place]:
        return [self._of_objective(row, each) for each in OBJECTIVE_FIELDS]

    def _answer(self, prose: Field, section: Section) -> Place:
        answer = self.answers.get(prose.slug)
        return Place(
            name=f"answer:{prose.slug}",
            label=prose.label,
            value=answer.text if answer else "",
            permission=TWIN_WRITES,
            section=section.slug,
            help=prose.help,
            words=prose.words,
            rows=prose.rows,
            is_required=prose.is_required,
            written_by=answer.edited_by if answer else None,
            written_at=answer.edited_at if answer else None,
        )

    def _terms(self, name: str, section: Section) -> Place:
        chosen = self.chosen_terms[VOCABULARIES[name]]
        offered = self.offered_terms[VOCABULARIES[name]]
        retired = [term for term in chosen if term.is_retired]  # stays where it is used
        return Place(
            name=f"terms:{name}",
            label=_("Domains") if name == "domains" else _("Levers of change"),
            value=",".join(sorted(term.code for term in chosen)),
            permission=TWIN_WRITES,
            section=section.slug,
            help=_("Up to three.") if name == "domains" else "",
            control="several",
            is_required=name == "domains",
            most=MOST_DOMAINS if name == "domains" else 0,
            choices=tuple((term.code, term.label) for term in offered + retired),
        )

    def _of_objective(self, row: LearningObjective, each: ObjectiveField) -> Place:
        section = self.output.form.section_with(
            Part.TWIN_OBJECTIVES if row.side == LearnerSide.TWIN else Part.HOST_OBJECTIVES
        )
        by_host = (row.side == LearnerSide.HOST) != (each.slug == "offer")
        return Place(
            name=f"objective:{row.code}:{each.slug}",
            label=each.label_for(row.side),
            value=_text_of(row, each.slug),
            permission=HOST_WRITES if by_host else TWIN_WRITES,
            section=section.slug if section else "",
            help=each.help if row.side == LearnerSide.TWIN or each.slug != "offer" else "",
            control=each.control,
            words=OBJECTIVE_WORDS if each.control == "text" else 0,
            rows=2 if each.slug in ("question", "learners") else 3,
            is_required=each.is_required,
            choices=self._choices(each.slug),
            written_by=row.edited_by,
            written_at=row.edited_at,
            objective=row,
        )

    def _choices(self, slug: str) -> tuple[tuple[str, Words], ...]:
        if slug == "event":
            return tuple((event.code, _event_label(event)) for event in self.events)
        enumerations = {"learning_type": LearningType, "activity": ActivityKind, "state": ObjectiveState}
        return tuple(enumerations[slug].choices) if slug in enumerations else ()


def _text_of(row: LearningObjective, slug: str) -> str:
    if slug == "event":
        return row.event.code if row.event else ""
    if slug == "due_on":
        return row.due_on.isoformat() if row.due_on else ""
    return getattr(row, slug)


def _event_label(event: Event) -> str:
    return f"{event.title}, {date_format(event.planned_on, 'j F Y')}"


def normal_text(text: str) -> str:
    """Line ends as one sign and no spaces at the end: what browsers change on their own is no difference."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip()


def normal_codes(codes: Iterable[str]) -> str:
    return ",".join(sorted({code.strip() for code in codes if code.strip()}))
