"""What counts in a cohort, and how the criteria are called."""

from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort

from ..engine.scoring import DEFAULT_WEIGHTS
from ..engine.types import DEFAULT_BANDS, Band
from ..models import Criterion, TargetBand

CRITERION_LABELS = {
    "preference": _("Wishes of the twin"),
    "domains": _("Fields of action"),
    "levers": _("Levers of change"),
    "text": _("Interests and challenges in words"),
    "ambition": _("Ambition"),
    "context": _("Context"),
    "offer": _("What the twin gives back"),
    "needs": _("What the host wants to learn"),
}

CRITERION_HELP = {
    "preference": _("The hosts that the twin asked for, in its order. A wish without a reason counts three quarters."),
    "domains": _("How many of the twin's fields the host covers. What was inferred counts half."),
    "levers": _("How many of the twin's levers the host covers. What was inferred counts half."),
    "text": _("How near the twin's own words are to the description of the host."),
    "ambition": _("Target years and how far the plans are; a host somewhat ahead is best."),
    "context": _(
        "Size, kind of authority, climate, legal frame, competences, language. What is unknown counts neither for nor against."
    ),
    "offer": _("How near the twin's offers are to what the host expects."),
    "needs": _("How many of the themes that the host wants to learn the twin can teach."),
}


SIGNED = ("maturity",)
"""Dimensions that know which side is ahead; in the others a distance has no direction."""


def bands_of(cohort: Cohort) -> tuple[Band, ...]:
    """The cohort's target bands in the order of the proposed ones; those where it has set none."""
    own = {
        row.dimension: Band(row.dimension, row.centre, row.width, row.weight)
        for row in TargetBand.objects.filter(cohort=cohort)
    }
    return tuple(own.get(band.dimension, band) for band in DEFAULT_BANDS)


def weights_of(cohort: Cohort) -> dict[str, int]:
    """The cohort's weights in the order of the criteria; the proposed ones where it has set none."""
    own = dict(Criterion.objects.filter(cohort=cohort).values_list("slug", "weight"))
    return {slug: own.get(slug, weight) for slug, weight in DEFAULT_WEIGHTS.items()}
