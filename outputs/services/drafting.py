"""Writing a draft: place by place, without ever overwriting what somebody else wrote meanwhile."""

import datetime
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Term
from twinning.audit.services import record
from twinning.core.errors import Conflict, Refused

from ..kinds import Column
from ..kinds.values import text_of, value_of
from ..models import Answer, Output, OutputTerm
from ..selectors.places import VOCABULARIES, Draft, Place, normal_codes, normal_text
from ..selectors.rows import BY_CODE
from ..states import OUTPUT_MOVES, WRITABLE, OutputState

PROSE = Column("prose", "")  # what is true of the text of an answer


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
    """The same of an output that can be written in now, its row alone: text is saved every few seconds."""
    output = Output.objects.select_for_update(of=("self",)).get(pk=output.pk)
    _require_writable(output)
    return output


def _require_writable(output: Output) -> None:
    if output.state not in WRITABLE:
        raise Refused(
            _("%(output)s is %(state)s and cannot be changed now.")
            % {"output": output.label, "state": output.get_state_display().lower()}
        )


@transaction.atomic
def save_place(output: Output, name: str, *, text: str, base: str, by, now: datetime.datetime) -> Place:
    """`save_locked`, which says what it does and raises, of an output that is locked here."""
    return save_locked(lock_writable(output), name, text=text, base=base, by=by, now=now)


def save_locked(output: Output, name: str, *, text: str, base: str, by, now: datetime.datetime) -> Place:
    """Write `text` into one place, if the place still holds `base`, the text that the writer started from.

    Returns the place as it stands then. The first text makes a draft of an output not started. The caller holds the
    output's lock. Raises `Conflict` with `Theirs` where somebody else was faster, `Refused` where the text or the moment
    does not allow it, and LookupError for a place that the output does not have (a row may have been removed meanwhile).
    """
    _require_writable(output)
    draft = Draft(output)
    if swapped := _swap_prose(draft, name, text=text, base=base, by=by, now=now):
        return swapped
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


def _swap_prose(draft: Draft, name: str, *, text: str, base: str, by, now: datetime.datetime) -> Place | None:
    """Compare and swap in one query: what nearly every save is, a text that stands as its writer saw it.

    None where it is anything else; nothing is written then.
    """
    kind, _colon, field = name.partition(":")
    place = draft.unread_prose(field) if kind == "answer" and draft.output.state != OutputState.NOT_STARTED else None
    if place is None:
        return None
    text, base = _cleaned(place, text), _normal(place, base)
    written = {"text": text, "edited_by": by, "edited_at": now, "updated_at": now}
    unchanged = Answer.objects.filter(output=draft.output, field=field, text=base)
    if text == base or not unchanged.update(**written):
        return None
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
    if place.control == "several":
        return _cleaned_codes(place, text)
    if place.control == "fact":
        raise Refused(_("This is known from elsewhere and cannot be written here."))
    if place.is_chosen:
        is_known = text in dict(place.choices) or text == place.value if text else not place.is_always_set
        if not is_known:
            raise Refused(_("Choose one of the options."))
        return text
    column = place.column or PROSE
    try:
        return text_of(column, value_of(column, text))
    except ValueError as error:
        raise Refused(str(error)) from None


def _cleaned_codes(place: Place, text: str) -> str:
    chosen = [code for code in text.split(",") if code]
    if not set(chosen) <= set(dict(place.choices)):
        raise Refused(_("Choose from the list."))
    if place.most and len(chosen) > place.most:
        raise Refused(_("Choose at most %(most)d.") % {"most": place.most})
    return text


def _write(draft: Draft, place: Place, text: str, *, by, now: datetime.datetime) -> None:
    kind, _colon, rest = place.name.partition(":")
    if kind == "answer":
        answer = draft.answer(rest) or Answer(output=draft.output, field=rest)
        answer.text, answer.edited_by, answer.edited_at = text, by, now
        answer.save(update_fields=["text", "edited_by", "edited_at", "updated_at"] if answer.pk else None)
    elif kind == "terms":
        _write_terms(draft.output, VOCABULARIES[rest], [code for code in text.split(",") if code])
    else:
        _write_row(draft, place, text, by=by, now=now)


def _write_terms(output: Output, vocabulary: str, codes: list[str]) -> None:
    output.output_terms.filter(term__vocabulary__slug=vocabulary).exclude(term__code__in=codes).delete()
    present = set(output.output_terms.values_list("term", flat=True))
    new = Term.objects.filter(vocabulary__slug=vocabulary, code__in=codes).exclude(pk__in=present).order_by("pk")
    OutputTerm.objects.bulk_create(OutputTerm(output=output, term=term) for term in new)


def _write_row(draft: Draft, place: Place, text: str, *, by, now: datetime.datetime) -> None:
    row, column = place.row, place.column
    setattr(row, column.slug, stored_value(draft, column, text))
    row.edited_by, row.edited_at = by, now
    if row.pk:
        row.save(update_fields=[column.slug, "edited_by", "edited_at", "updated_at"])
    else:
        row.save()  # the first word in a row with a fixed key


def stored_value(draft: Draft, column: Column, text: str) -> object:
    """What the model's field takes for a cleaned text."""
    if column.control in BY_CODE:
        return draft.offered(column)[text] if text else None
    return value_of(column, text)
