"""The rows of a draft, each kind read once and only when asked for."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from cohorts.models import Event, Pairing, Term, host_cities
from cohorts.models.vocabulary import DOMAINS, LEVERS
from cohorts.selectors.facts import ContextDifference, FactShown, context_differences
from cohorts.states import EventKind

from ..kinds import Column, Table
from ..kinds.values import text_of
from ..models import ROW_MODELS, Answer, KeyedRow, LearningObjective, Output
from ..tables import ColumnToRead, words_of

BY_CODE = ("row", "term", "event")  # controls whose value is a foreign key, named by the code of what it points to
IN_WORDS = ("choice", "fact", *BY_CODE)  # controls whose value is a code that needs words beside it
MOST_IN_TITLE = 140


def pairing_of(output: Output) -> Pairing | None:
    """The pairing of the output's twin that is announced now, with both sides; None where there is none.

    Two queries; one where it was read with the output (`with_pairing`).
    """
    pairing = getattr(output, "announced_pairing", None)
    if pairing is None:
        announced = Pairing.objects.announced().filter(participation=output.participation_id)
        pairing = announced.select_related("hosting__host").order_by("pk").first()
    if pairing:
        models.prefetch_related_objects([pairing], host_cities("hosting__host__host_cities"))
        pairing.participation = output.participation
    return pairing


class DraftRows:
    """What has been written in an output so far. Of a table with keys there is a row for each key, saved or not.

    `shows_facts`: whether what is known of both cities is wanted. Where it is not, a table of facts has those rows alone
    in which somebody wrote, each named by its key.
    """

    def __init__(self, output: Output, *, shows_facts: bool = True) -> None:
        self.output = output
        self.shows_facts = shows_facts
        self._read: dict[type, list[Any]] = {}
        self._alone: dict[str, Answer | None] = {}

    @cached_property
    def pairing(self) -> Pairing | None:
        return pairing_of(self.output)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        return {answer.field: answer for answer in self.output.answers.select_related("edited_by").order_by("pk")}

    def answer(self, field: str) -> Answer | None:
        """The text of one field. Where no other was read, it is read alone."""
        if "answers" in self.__dict__:
            return self.answers.get(field)
        if field not in self._alone:
            self._alone[field] = self.output.answers.filter(field=field).select_related("edited_by").first()
        return self._alone[field]

    @property
    def leftovers(self) -> list[Answer]:
        """Texts of fields that the form had once and has no more: nothing that was written disappears."""
        return [each for each in self.answers.values() if each.text and self.output.form.field(each.field) is None]

    @cached_property
    def chosen_terms(self) -> dict[str, list[Term]]:
        """Vocabulary -> the terms chosen from it."""
        rows = self.output.output_terms.select_related("term__vocabulary").order_by("term__position", "term__pk")
        chosen: dict[str, list[Term]] = {DOMAINS: [], LEVERS: []}
        for row in rows:
            chosen.setdefault(row.term.vocabulary.slug, []).append(row.term)
        return chosen

    @cached_property
    def events(self) -> list[Event]:
        """The events that an objective may name: those of the pairing and of the whole cohort."""
        events = Event.objects.in_cohort(self.output.participation.cohort_id).not_cancelled()
        own = (
            events.filter(models.Q(pairing=None) | models.Q(pairing=self.pairing))
            if self.pairing
            else events.filter(pairing=None)
        )
        return list(own.order_by("planned_on", "title", "pk"))

    @property
    def visits(self) -> list[Event]:
        return [event for event in self.events if event.kind == EventKind.SITE_VISIT and event.pairing_id]

    @cached_property
    def differences(self) -> dict[str, ContextDifference]:
        """Dimension -> how far the two cities are apart in it; empty without a host."""
        rows = context_differences(self.pairing) if self.pairing else []
        return {row.dimension: row for row in rows}

    @cached_property
    def hint_answers(self) -> dict[tuple[str, str], Any]:
        """(rule, anchor) -> the reason given for leaving a hint open."""
        rows = self.output.hint_answers.select_related("answered_by").order_by("pk")
        return {(row.rule, row.anchor): row for row in rows}

    # --- Tables

    def rows(self, table: Table) -> list[Any]:
        """The rows of a table in their order; those of a child table grouped by their parent's order."""
        if table.has_keys:
            return self._keyed(table)
        if table.parent:
            return [row for parent in self.parents(table) for row in self.children(table, parent)]
        return self._own(table)

    def children(self, table: Table, parent: Any) -> list[Any]:
        """The rows of a child table that hang on one row."""
        if table.has_keys:
            return [row for row in self._keyed(table) if row.parent_id == parent.pk]
        below = [row for row in self._own(table) if row.parent_id == parent.pk]
        for row in below:
            row.parent = parent
        return below

    def parents(self, table: Table) -> list[Any]:
        parent = self.output.form.table(table.parent)
        return self.rows(parent) if parent else []

    def row(self, table: Table, code: str) -> Any | None:
        """The one row of this code; None where it was removed or never was. Reads no other rows."""
        if table.has_keys:
            return self._keyed_row(table, code)
        rows = self._query(table).filter(**dict(table.fixed), code=code)
        return (rows.select_related("parent") if table.parent else rows).first()

    def written(self) -> list[Any]:
        """Everything with a writer that was read so far, to tell who wrote last."""
        rows = [row for read in self._read.values() for row in read]
        return [row for row in [*self.answers.values(), *rows] if row.edited_at]

    def _own(self, table: Table) -> list[Any]:
        """Saved rows of the table alone: some tables share a model."""
        model = ROW_MODELS[table.slug]
        if model not in self._read:
            self._read[model] = list(self._query(table))
        return [row for row in self._read[model] if all(getattr(row, name) == value for name, value in table.fixed)]

    def _query(self, table: Table) -> models.QuerySet:
        model = ROW_MODELS[table.slug]
        tables = [each for each in self.output.form.tables if ROW_MODELS[each.slug] is model]
        pointing = {column.slug for each in tables for column in each.columns if column.control in BY_CODE}
        rows = model.objects.of_output(self.output).present()
        if table.parent:
            rows = rows.filter(parent__removed_at=None)
        return rows.select_related("edited_by", *sorted(pointing))

    def _keyed(self, table: Table) -> list[Any]:
        saved: dict[tuple[int | None, str], KeyedRow] = {
            (getattr(row, "parent_id", None), row.key): row for row in self._own(table)
        }
        model = ROW_MODELS[table.slug]
        rows = []
        for parent in self.parents(table) if table.parent else [None]:
            owner = {"parent": parent} if parent else {"output": self.output}
            for key, label in self._keys(table):
                row = saved.get((parent.pk if parent else None, key)) or model(key=key, **owner)
                if parent:
                    row.parent = parent
                rows.append(self._with_facts(row, label))
        return rows

    def _keyed_row(self, table: Table, code: str) -> Any | None:
        parent_code, _point, key = code.rpartition(".")
        label = dict(self._keys(table)).get(key)
        if label is None or bool(parent_code) != bool(table.parent):
            return None
        owner: dict[str, Any] = {"output": self.output}
        if table.parent:
            parent_table = self.output.form.table(table.parent)
            parent = self.row(parent_table, parent_code) if parent_table else None
            if parent is None:
                return None
            owner = {"parent": parent}
        model = ROW_MODELS[table.slug]
        row = model.objects.select_related("edited_by").filter(key=key, **owner).first() or model(key=key, **owner)
        if table.parent:
            row.parent = owner["parent"]
        return self._with_facts(row, label)

    def _keys(self, table: Table) -> Iterable[tuple[str, Any]]:
        if not table.is_facts:
            return table.keys
        if self.shows_facts:
            return [(key, difference.label) for key, difference in self.differences.items()]
        return [(row.key, row.key) for row in self._own(table)] if self.pairing else []

    def _with_facts(self, row: Any, label: Any) -> Any:
        """`row.label` is the name of its key; `row.facts` what its columns of control "fact" show: (value, words)."""
        row.label = str(label)
        difference = self.differences.get(row.key) if "differences" in self.__dict__ else None
        row.facts = facts_of(difference) if difference else {}
        return row

    @property
    def objectives(self) -> list[LearningObjective]:
        """Of both sides, the twin's first."""
        tables = [table for table in self.output.form.tables if ROW_MODELS[table.slug] is LearningObjective]
        return [row for table in tables for row in self.rows(table)]


def facts_of(difference: ContextDifference) -> dict[str, tuple[str, str]]:
    """What is known of both cities in one dimension, in words; empty where nothing is."""
    here, there = difference.here, difference.there
    sources = [f"{fact.city}: {_where(fact)}" for fact in (here, there) if fact]
    words = {
        "here": here.text if here else "",
        "there": there.text if there else "",
        "sources": "\n".join(sources),
    }
    return {slug: (text, text) for slug, text in words.items()} | {
        "verdict": (difference.verdict, difference.verdict_label)
    }


def _where(fact: FactShown) -> str:
    """Source and date of a fact; where its register names no date, that is said."""
    if not fact.where:
        return fact.confidence_label
    return fact.where if fact.dated else _("%(source)s, without a date") % {"source": fact.where}


def value_in(row: Any, column: Column) -> str:
    """What a row holds in a column, as the text that places and frozen versions carry."""
    if column.control == "fact":
        return row.facts.get(column.slug, ("", ""))[0]
    value = getattr(row, column.slug)
    if column.control in BY_CODE:
        return value.code if value else ""
    return text_of(column, value)


def label_in(row: Any, column: Column) -> str:
    """The same in words, for choices, references and facts."""
    if column.control == "fact":
        return row.facts.get(column.slug, ("", ""))[1]
    value = getattr(row, column.slug)
    if column.control in BY_CODE:
        return str(value) if value else ""
    return str(dict(column.choices).get(value, value)) if value else ""


def title_of(table: Table, row: Any) -> str:
    """What a row is called: the name of its key, or what stands in its first column; empty where nothing does."""
    if table.has_keys:
        return row.label
    text = label_in(row, table.title) or value_in(row, table.title)
    return text if len(text) <= MOST_IN_TITLE else f"{text[: MOST_IN_TITLE - 1].rstrip()}…"


def summary_of(table: Table, row: Any) -> str:
    """What stands beside the name of a closed row, in words."""
    columns = [column for slug in table.summary if (column := table.column(slug))]
    return " · ".join(words for column in columns if (words := _in_short(row, column)))


def _in_short(row: Any, column: Column) -> str:
    value = value_in(row, column)
    if not value or column.control in IN_WORDS:
        return label_in(row, column).partition(":")[0] if value else ""
    words = words_of(ColumnToRead(column.slug, str(column.label), column.control, str(column.unit)), value)
    return f"{column.label}: {words}" if column.control in ("scale", "whole", "number") else words
