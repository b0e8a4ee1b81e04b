"""Places of a draft: everything that can be written, one by one, each under a name that pages, autosave and comments use.

`answer:<field>` is prose, `terms:domains` and `terms:levers` are choices, `row:<table>:<code>:<column>` is one field of a row
(`objective:<code>:<column>` for the objectives of a roadmap). The value of every place is a text: codes joined by commas
for choices of several, and for rows what `kinds.values` says.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohorts.models import Event, Term
from cohorts.models.vocabulary import DOMAINS, LEVERS

from ..kinds import MOST_DOMAINS, OBJECTIVES, Column, Field, Part, Section, Table, Writer
from ..kinds.values import SCALE
from ..models import Answer, LearningObjective, Output, TransferCandidate, VisitIdea
from .rows import BY_CODE, DraftRows, value_in

TWIN_WRITES, HOST_WRITES = "outputs.write_output", "outputs.write_host_part"
PERMISSIONS = {Writer.TWIN: TWIN_WRITES, Writer.HOST: HOST_WRITES}
VOCABULARIES = {"domains": DOMAINS, "levers": LEVERS}
SCALE_CHOICES = tuple((str(step), str(step)) for step in range(SCALE[0], SCALE[1] + 1))
CHOSEN = ("choice", "scale", *BY_CODE)  # controls that are drawn as a list to choose from

Words = str | Promise


@dataclass(frozen=True)
class Place:
    """One thing to write, with what stands there now."""

    name: str
    label: Words
    value: str
    permission: str
    section: str
    help: Words = ""
    example: Words = ""
    control: str = "text"  # as of `kinds.Column`, or several
    words: int = 0
    rows: int = 3
    unit: Words = ""
    is_required: bool = False
    is_always_set: bool = False
    most: int = 0  # of several
    choices: tuple[tuple[str, Words], ...] = ()
    written_by: Any = None
    written_at: datetime.datetime | None = None
    row: Any = field(default=None, compare=False)
    column: Column | None = None

    @cached_property
    def dom_id(self) -> str:
        return dom_id(self.name)

    @property
    def is_chosen(self) -> bool:
        """One out of a list."""
        return self.control in CHOSEN

    @property
    def is_short(self) -> bool:
        """Narrow enough to stand beside others."""
        return self.control not in ("text", "several", "line", "link", "row", "event") and "\n" not in self.value

    @property
    def chosen(self) -> list[str]:
        return [code for code in self.value.split(",") if code]

    @property
    def value_label(self) -> str:
        """The value in words."""
        labels = dict(self.choices)
        if self.control == "several":
            return ", ".join(str(labels.get(code, code)) for code in self.chosen)
        if self.is_chosen or self.control == "fact":
            return str(labels.get(self.value, self.value)) if self.value else ""
        return f"{self.value} {self.unit}" if self.value and self.unit else self.value


def dom_id(name: str) -> str:
    """The id of a place's control on a page."""
    return "f-" + name.replace(":", "-").replace(".", "-")


def permission_of(output: Output, name: str) -> str:
    """Who may write a place. Raises LookupError where the row that it stands in is gone."""
    tables, _code, slug = _parts_of(output, name)
    writers = {column.writer for table in tables if (column := table.column(slug))}
    if len(writers) < 2:  # of the objectives alone the two sides write the same columns crosswise
        return PERMISSIONS[next(iter(writers), Writer.TWIN)]
    place = Draft(output).find(name)
    if place is None:
        raise LookupError(name)
    return place.permission


def _parts_of(output: Output, name: str) -> tuple[list[Table], str, str]:
    """The tables that a name may mean, the code of the row and the slug of the column."""
    front, _colon, slug = name.rpartition(":")
    prefix, _colon, code = front.rpartition(":")
    return [table for table in output.form.tables if table.prefix == prefix], code, slug


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
            return self._prose(rest, self.answer)
        if kind == "terms":
            section = self.output.form.section_with(Part.TERMS)
            return self._terms(rest, section) if section and rest in VOCABULARIES else None
        tables, code, slug = _parts_of(self.output, name)
        for table in tables:
            column, row = table.column(slug), self.row(table, code)
            if column and row:
                return self._of_row(row, table, column)
        return None

    def unread_prose(self, field: str) -> Place | None:
        """The place of a field of prose without its text: what is known of it before anything was read."""
        return self._prose(field, lambda _field: None)

    def _prose(self, field: str, read: Callable[[str], Answer | None]) -> Place | None:
        prose, section = self.output.form.field(field), self.output.form.section_of(field)
        return self._answer(prose, section, read(field)) if prose and section else None

    def of_section(self, section: Section) -> list[Place]:
        """Prose and choices of a section; rows come from `of_row`."""
        terms = [self._terms(name, section) for name in VOCABULARIES] if section.part == Part.TERMS else []
        return terms + [self._answer(prose, section, self.answer(prose.slug)) for prose in section.fields]

    def of_row(self, row: Any, table: Table) -> list[Place]:
        return [self._of_row(row, table, column) for column in table.columns]

    def _answer(self, prose: Field, section: Section, answer: Answer | None) -> Place:
        return Place(
            name=f"answer:{prose.slug}",
            label=prose.label,
            value=answer.text if answer else "",
            permission=TWIN_WRITES,
            section=section.slug,
            help=prose.help,
            example=prose.example,
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

    def _of_row(self, row: Any, table: Table, column: Column) -> Place:
        return Place(
            name=table.place(row.code, column.slug),
            label=column.label,
            value=value_in(row, column),
            permission=PERMISSIONS[column.writer],
            section=self.output.form.section_of_table(table).slug,
            help=column.help,
            example=column.example,
            control=column.control,
            words=column.words,
            rows=column.rows,
            unit=column.unit,
            is_required=column.is_required,
            is_always_set=column.is_always_set,
            choices=self._choices(row, column),
            written_by=row.edited_by,
            written_at=row.edited_at,
            row=row,
            column=column,
        )

    # --- What a place offers

    def _choices(self, row: Any, column: Column) -> tuple[tuple[str, Words], ...]:
        if column.control == "fact":
            return (row.facts.get(column.slug, ("", "")),)
        if column.control not in BY_CODE:
            return self._offered_choices(column)
        offered = self.offered(column)
        present = getattr(row, column.slug)
        if present and present.code not in offered:
            offered = {**offered, present.code: present}  # stays where it is used
        barred = getattr(row, "parent", None) if column.refers == "actions" else None  # an action waits not for itself
        return tuple((code, self._in_short(each)) for code, each in offered.items() if each != barred)

    def choices_of(self, table: Table) -> dict[str, tuple[tuple[str, Words], ...]]:
        """Column -> what a new row of the table may choose from."""
        offering = {column.slug: column for column in table.columns if column.control in CHOSEN}
        return {slug: self._offered_choices(column) for slug, column in offering.items()}

    def _offered_choices(self, column: Column) -> tuple[tuple[str, Words], ...]:
        if column.control == "scale":
            return SCALE_CHOICES
        if column.control not in BY_CODE:
            return column.choices
        return tuple((code, self._in_short(each)) for code, each in self.offered(column).items())

    def offered(self, column: Column) -> dict[str, Any]:
        """Code -> what a column of references may point to."""
        if column.control == "event":
            return {event.code: event for event in self.events}
        if column.control == "term":
            return {term.code: term for term in self.offered_terms[VOCABULARIES[column.refers]]}
        return self._offered_rows(column.refers)

    def _offered_rows(self, slug: str) -> dict[str, Any]:
        if slug not in self._offered:
            own = self.output.form.table(slug)
            self._offered[slug] = {row.code: row for row in (self.rows(own) if own else self._rows_elsewhere(slug))}
        return self._offered[slug]

    def _rows_elsewhere(self, slug: str) -> Iterable[Any]:
        """What stands in other outputs of the same twin, or in none."""
        model, fixed = REFERRED[slug]
        return model.objects.of_participation(self.output.participation_id).filter(**fixed).present()

    def _in_short(self, thing: Any) -> str:
        """The name of something to choose, made once: every row of a table offers the same."""
        if thing not in self._names:
            self._names[thing] = _short(thing)
        return self._names[thing]

    @cached_property
    def _names(self) -> dict[Any, str]:
        return {}

    @cached_property
    def _offered(self) -> dict[str, dict[str, Any]]:
        return {}


# What a column of control "row" may point to besides rows of the same output.
REFERRED: dict[str, tuple[Any, dict[str, str]]] = {
    "objectives": (LearningObjective, dict(OBJECTIVES.fixed)),
    "ideas": (VisitIdea, {}),
    "candidates": (TransferCandidate, {}),
}


def _short(thing: Any) -> str:
    if isinstance(thing, Event):
        return f"{thing.title}, {date_format(thing.planned_on, 'j F Y')}"
    text = str(thing)
    return text if len(text) <= 90 else f"{text[:89].rstrip()}…"


def normal_text(text: str) -> str:
    """Line ends as one sign and no spaces at the end: what browsers change on their own is no difference."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip()


def normal_codes(codes: Iterable[str]) -> str:
    return ",".join(sorted({code.strip() for code in codes if code.strip()}))
