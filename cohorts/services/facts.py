"""Facts of a city by dimension: stated, corrected, taken away. The journal keeps what stood there before."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..kinds import FIRST_YEAR, LAST_YEAR, SEPARATOR, dimension_of, joined
from ..models import City, ContextFact, Term
from ..states import FactConfidence

CHANGEABLE = ("value", "source", "year", "retrieved_on", "confidence")


@transaction.atomic
def state_fact(
    city: City,
    *,
    dimension: Term,
    value: str,
    source: str,
    by,
    now: datetime,
    year: int | None = None,
    retrieved_on: date | None = None,
    confidence: str = FactConfidence.STATED,
) -> ContextFact:
    """Say what is known about a city in one dimension, in place of what stood there. Journals both values.

    Somebody who speaks for the city states, and does so in its name; to infer is for those who run the programme.
    Refused for what the city's own record holds. Where nothing changes, nothing is written.
    """
    if dimension_of(dimension.code).is_of_register:
        raise Refused(_("%(dimension)s is part of the city's record. Change it there.") % {"dimension": dimension})
    City.objects.select_for_update(of=("self",)).get(pk=city.pk)
    fact = ContextFact.objects.filter(city=city, dimension=dimension).first()
    before = fact.value if fact else ""
    fact = fact or ContextFact(city=city, dimension=dimension)
    wanted = {
        "value": written_value(dimension, value),
        "source": source.strip(),
        "year": year,
        "retrieved_on": retrieved_on,
        "confidence": confidence if by is None or by.steers else FactConfidence.STATED,
    }
    if fact.pk and all(getattr(fact, name) == wanted[name] for name in CHANGEABLE):
        return fact
    for name in CHANGEABLE:
        setattr(fact, name, wanted[name])
    fact.stated_by, fact.stated_at = by, now
    fact.full_clean()
    fact.save()
    said = {
        "dimension": dimension.label,
        "before": in_words(dimension, before),
        "value": in_words(dimension, fact.value),
    }
    record(city, "cohorts.fact.stated", by=by, at=now, on_behalf_of=_spoken_for(city, by), data=said)
    return fact


@transaction.atomic
def remove_fact(fact: ContextFact, *, by, now: datetime) -> None:
    """What turned out to be wrong goes, and the dimension is unknown again. Journals what stood there."""
    fact = ContextFact.objects.select_for_update(of=("self",)).select_related("city", "dimension").get(pk=fact.pk)
    said = {"dimension": fact.dimension.label, "before": in_words(fact.dimension, fact.value)}
    record(fact.city, "cohorts.fact.removed", by=by, at=now, on_behalf_of=_spoken_for(fact.city, by), data=said)
    fact.delete()


def _spoken_for(city: City, by) -> str:
    return "" if by is None or by.steers else city.name


def written_value(dimension: Term, value: str) -> str:
    """The value as it is stored. Raises ValidationError on `value` that says what the dimension takes."""
    kind = dimension_of(dimension.code)
    value = joined(value.split(SEPARATOR))
    if kind.is_year and not (value.isascii() and value.isdigit() and FIRST_YEAR <= int(value) <= LAST_YEAR):
        said = _("Write a year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise ValidationError({"value": said})
    if kind.vocabulary and value:
        codes = value.split(f"{SEPARATOR} ")
        known = set(Term.objects.of(kind.vocabulary).values_list("code", flat=True))
        strange = [code for code in codes if code not in known]
        if strange:
            raise ValidationError({"value": _("“%(code)s” is not in the list. Choose from it.") % {"code": strange[0]}})
        if len(codes) > 1 and not kind.is_several:
            raise ValidationError({"value": _("Choose one.")})
    return value


def in_words(dimension: Term, value: str) -> str:
    """A stored value with the labels of its list, for the journal; "not known" where there is none."""
    if not value:
        return _("not known")
    kind = dimension_of(dimension.code)
    labels = dict(Term.objects.of(kind.vocabulary).values_list("code", "label")) if kind.vocabulary else {}
    return f"{SEPARATOR} ".join(labels.get(code, code) for code in value.split(f"{SEPARATOR} "))
