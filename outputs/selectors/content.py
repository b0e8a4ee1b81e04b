"""The content of a draft as plain data: what is checked, frozen, printed and compared.

Shape (`twinning-output/1`): {"format", "kind", "label", "purpose", "language", "is_example", "due_on", "twin": {"name",
"country"}, "host": {"name", "cities": [{"name", "country"}]} or null, "cohort": {"title", "starts_on", "ends_on"},
"writers": [name], "visits": [{"code", "label", "on"}], "sections": [{"slug", "title", "part", "fields": [{"slug",
"label", "text"}], and by part "domains"/"levers": [{"code", "label"}] or "objectives": [row]}]}. Dates are ISO texts.
"""

import hashlib
import json
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation

from cohorts.models import Event, HostCity, Pairing, Term
from cohorts.models.vocabulary import DOMAINS, LEVERS
from cohorts.states import EventKind, PairingState

from ..kinds import Part, Section
from ..models import Answer, LearningObjective, Output
from ..states import LearnerSide

FORMAT = "twinning-output/1"
SIDES = {Part.TWIN_OBJECTIVES: LearnerSide.TWIN, Part.HOST_OBJECTIVES: LearnerSide.HOST}


def pairing_of(output: Output) -> Pairing | None:
    """The pairing of the output's twin that is announced now, with both sides; None where there is none."""
    return (
        Pairing.objects.select_related("participation__city", "participation__cohort", "hosting__host")
        .prefetch_related(models.Prefetch("hosting__host__host_cities", HostCity.objects.select_related("city")))
        .filter(participation=output.participation_id, state=PairingState.ANNOUNCED)
        .order_by("pk")
        .first()
    )


class DraftRows:
    """The rows of a draft, each kind read once and only when asked for."""

    def __init__(self, output: Output) -> None:
        self.output = output

    @cached_property
    def pairing(self) -> Pairing | None:
        return pairing_of(self.output)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        return {answer.field: answer for answer in self.output.answers.select_related("edited_by").order_by("pk")}

    @cached_property
    def chosen_terms(self) -> dict[str, list[Term]]:
        """Vocabulary -> the terms chosen from it."""
        rows = self.output.output_terms.select_related("term__vocabulary").order_by("term__position", "term__pk")
        chosen: dict[str, list[Term]] = {DOMAINS: [], LEVERS: []}
        for row in rows:
            chosen.setdefault(row.term.vocabulary.slug, []).append(row.term)
        return chosen

    @cached_property
    def objectives(self) -> list[LearningObjective]:
        return list(self.output.objectives.present().select_related("event", "edited_by"))

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


def draft_content(output: Output, *, language: str = "", rows: DraftRows | None = None) -> dict[str, Any]:
    """The present draft, complete. `language` is that of the texts; labels are taken in it too.

    `rows`: what a page has read of this draft already.
    """
    rows = rows or DraftRows(output)
    written = [*rows.answers.values(), *rows.objectives]
    writers = {str(each.edited_by) for each in written if each.edited_by_id}
    cohort, city = output.participation.cohort, output.participation.city
    has_visits = output.form.section_with(Part.TWIN_OBJECTIVES) is not None
    language = language or settings.LANGUAGE_CODE
    with translation.override(language):
        return {
            "format": FORMAT,
            "kind": output.kind,
            "label": output.label,
            "purpose": str(output.form.purpose),
            "language": language,
            "is_example": output.is_example,
            "due_on": output.due.isoformat(),
            "twin": {"name": city.name, "country": str(city.country.name)},
            "host": _host(rows.pairing),
            "cohort": {
                "title": cohort.title,
                "starts_on": cohort.kickoff_on.isoformat() if cohort.kickoff_on else "",
                "ends_on": cohort.ends_on.isoformat() if cohort.ends_on else "",
            },
            "writers": sorted(writers),
            "visits": [_visit(event) for event in rows.visits] if has_visits else [],
            "sections": [_section(section, rows) for section in output.form.sections],
        }


def _section(section: Section, rows: DraftRows) -> dict[str, Any]:
    content: dict[str, Any] = {
        "slug": section.slug,
        "title": str(section.title),
        "part": str(section.part),
        "fields": [
            {
                "slug": field.slug,
                "label": str(field.label),
                "text": rows.answers[field.slug].text if field.slug in rows.answers else "",
            }
            for field in section.fields
        ],
    }
    if section.part == Part.TERMS:
        for name, vocabulary in (("domains", DOMAINS), ("levers", LEVERS)):
            content[name] = [{"code": term.code, "label": term.label} for term in rows.chosen_terms[vocabulary]]
    if section.part in SIDES:
        content["objectives"] = [_objective(row) for row in rows.objectives if row.side == SIDES[section.part]]
    return content


def _objective(row: LearningObjective) -> dict[str, Any]:
    event = row.event
    return {
        "code": row.code,
        "question": row.question,
        "learning_type": row.learning_type,
        "why_it_matters": row.why_it_matters,
        "offer": row.offer,
        "activity": row.activity,
        "activity_note": row.activity_note,
        "event": {"code": event.code, "label": event.title, "on": _event_day(event)} if event else None,
        "learners": row.learners,
        "owner": row.owner,
        "evidence": row.evidence,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "state": row.state,
    }


def _host(pairing: Pairing | None) -> dict[str, Any] | None:
    if pairing is None:
        return None
    rows = sorted(pairing.hosting.host.host_cities.all(), key=lambda row: row.position)
    cities = [{"name": row.city.name, "country": str(row.city.country.name)} for row in rows]
    host = pairing.hosting.host
    name = cities[0]["name"] if len(cities) == 1 else host.short_name
    return {"name": name, "title": host.title, "cities": cities}


def _visit(event: Event) -> dict[str, str]:
    return {"code": event.code, "label": event.title, "on": _event_day(event)}


def _event_day(event: Event) -> str:
    return (event.starts_at.date() if event.starts_at else event.planned_on).isoformat()


def canonical_json(content: dict[str, Any]) -> str:
    """The one text of this content: keys in order, no spaces, characters as they are."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
