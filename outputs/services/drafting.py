"""Writing a draft: place by place, without ever overwriting what somebody else wrote meanwhile."""

import datetime
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cohorts.models import Event, Term
from twinning.audit.services import record
from twinning.core.errors import Conflict, Refused

from ..kinds import MOST_OBJECTIVES
from ..models import Answer, LearningObjective, Output, OutputTerm
from ..selectors.places import MOST_CHARACTERS, VOCABULARIES, Draft, Place, normal_codes, normal_text
from ..states import OUTPUT_MOVES, WRITABLE, OutputState

MOST_IN_LINE = 160
YEARS = (2000, 2100)


@dataclass(frozen=True)
class Theirs:
    """What stands in a place instead of what the writer had started from."""

    text: str
    by: str
    at: datetime.datetime | None


def lock_output(output: Output) -> Output:
    """The output's row, locked until the transaction ends, with what its name and dates need."""
    return (
        Output.objects.select_for_update(of=("self",))
        .select_related("participation__city", "participation__cohort")
        .get(pk=output.pk)
    )


def lock_writable(output: Output) -> Output:
    output = lock_output(output)
    if output.state not in WRITABLE:
        raise Refused(
            _("%(output)s is %(state)s and cannot be changed now.")
            % {"output": output.label, "state": output.get_state_display().lower()}
        )
    return output


@transaction.atomic
def save_place(output: Output, name: str, *, text: str, base: str, by, now: datetime.datetime) -> Place:
    """Write `text` into one place, if the place still holds `base`, the text that the writer started from.

    Returns the place as it stands then. The first text makes a draft of an output not started. Raises `Conflict` with
    `Theirs` where somebody else was faster, `Refused` where the text or the moment does not allow it, and LookupError
    for a place that the output does not have (a row may have been removed meanwhile).
    """
    output = lock_writable(output)
    draft = Draft(output)
    place = draft.find(name)
    if place is None:
        raise LookupError(name)
    text, base = _cleaned(place, text), _normal(place, base)
    if text == place.value:
        return place
    if base != place.value:
        theirs = Theirs(place.value, str(place.written_by or ""), place.written_at)
        raise Conflict(_("Somebody else has changed this text meanwhile."), theirs=theirs)
    _write(draft, place, text, by=by, now=now)
    begin_output(output, by=by, now=now)
    return replace(place, value=text, written_by=by, written_at=now)


def begin_output(output: Output, *, by, now: datetime.datetime) -> None:
    """Make a draft of an output that nobody had begun. The caller holds its lock."""
    if output.state == OutputState.NOT_STARTED:
        output.state = OUTPUT_MOVES.target("begin", state=output.state)
        output.save(update_fields=["state", "updated_at"])
        record(output, "outputs.output.begun", by=by, at=now)


def _normal(place: Place, text: str) -> str:
    return normal_codes(text.split(",")) if place.control == "several" else normal_text(text)


def _cleaned(place: Place, text: str) -> str:
    """The text as it is stored. Raises `Refused` with a sentence for the writer."""
    text = _normal(place, text)
    if "\x00" in text or len(text) > MOST_CHARACTERS:
        raise Refused(_("This text is too long: at most %(most)d characters.") % {"most": MOST_CHARACTERS})
    if place.control == "line" and (len(text) > MOST_IN_LINE or "\n" in text):
        raise Refused(_("Write one line of at most %(most)d characters.") % {"most": MOST_IN_LINE})
    codes = set(dict(place.choices))
    if place.control == "choice" and text and text not in codes and text != place.value:
        raise Refused(_("Choose one of the options."))
    if place.control == "several":
        chosen = [code for code in text.split(",") if code]
        if not set(chosen) <= codes:
            raise Refused(_("Choose from the list."))
        if place.most and len(chosen) > place.most:
            raise Refused(_("Choose at most %(most)d.") % {"most": place.most})
    if place.control == "date" and text:
        _date(text)
    return text


def _date(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Write the date like 2027-03-31.")) from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise Refused(_("Choose a year between %(first)d and %(last)d.") % {"first": YEARS[0], "last": YEARS[1]})
    return day


def _write(draft: Draft, place: Place, text: str, *, by, now: datetime.datetime) -> None:
    kind, _colon, rest = place.name.partition(":")
    if kind == "answer":
        answer = draft.answers.get(rest) or Answer(output=draft.output, field=rest)
        answer.text, answer.edited_by, answer.edited_at = text, by, now
        answer.save()
    elif kind == "terms":
        _write_terms(draft.output, VOCABULARIES[rest], [code for code in text.split(",") if code])
    else:
        _write_objective(place.objective, rest.partition(":")[2], text, by=by, now=now)


def _write_terms(output: Output, vocabulary: str, codes: list[str]) -> None:
    output.output_terms.filter(term__vocabulary__slug=vocabulary).exclude(term__code__in=codes).delete()
    present = set(output.output_terms.values_list("term", flat=True))
    new = Term.objects.filter(vocabulary__slug=vocabulary, code__in=codes).exclude(pk__in=present).order_by("pk")
    OutputTerm.objects.bulk_create(OutputTerm(output=output, term=term) for term in new)


def _write_objective(row: LearningObjective, slug: str, text: str, *, by, now: datetime.datetime) -> None:
    value: object = text
    if slug == "event":
        value = Event.objects.get(code=text) if text else None
    elif slug == "due_on":
        value = _date(text) if text else None
    elif slug == "state" and not text:
        raise Refused(_("Choose one of the options."))
    setattr(row, slug, value)
    row.edited_by, row.edited_at = by, now
    row.save(update_fields=[slug, "edited_by", "edited_at", "updated_at"])


@transaction.atomic
def add_objective(output: Output, *, side: str, by, now: datetime.datetime) -> LearningObjective:
    """An empty objective at the end of its side's rows."""
    output = lock_writable(output)
    present = output.objectives.present().filter(side=side)
    if present.count() >= MOST_OBJECTIVES:
        raise Refused(
            _("There are %(most)d objectives, the most that can be. Remove one first.") % {"most": MOST_OBJECTIVES}
        )
    last = output.objectives.filter(side=side).aggregate(last=Max("position"))["last"] or 0
    row = LearningObjective.objects.create(output=output, side=side, position=last + 1, edited_by=by, edited_at=now)
    begin_output(output, by=by, now=now)
    return row


@transaction.atomic
def move_objective(objective: LearningObjective, *, up: bool, by, now: datetime.datetime) -> None:
    """Exchange an objective with its neighbour above or below; nothing happens at the end of the rows."""
    output = lock_writable(objective.output)
    rows = list(output.objectives.present().filter(side=objective.side))
    here = next((index for index, row in enumerate(rows) if row.pk == objective.pk), None)
    if here is None:
        raise Refused(_("This objective was removed meanwhile."))
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position", "updated_at"])
    begin_output(output, by=by, now=now)


@transaction.atomic
def remove_objective(objective: LearningObjective, *, by, now: datetime.datetime) -> None:
    """Take an objective out of the draft. Its text is kept: `restore_objective` brings it back."""
    lock_writable(objective.output)
    LearningObjective.objects.filter(pk=objective.pk, removed_at=None).update(
        removed_at=now, edited_by=by, edited_at=now
    )


@transaction.atomic
def restore_objective(objective: LearningObjective, *, by, now: datetime.datetime) -> None:
    """Bring back an objective that was removed, where it stood."""
    output = lock_writable(objective.output)
    if output.objectives.present().filter(side=objective.side).count() >= MOST_OBJECTIVES:
        raise Refused(
            _("There are %(most)d objectives, the most that can be. Remove one first.") % {"most": MOST_OBJECTIVES}
        )
    LearningObjective.objects.filter(pk=objective.pk).update(removed_at=None, edited_by=by, edited_at=now)
