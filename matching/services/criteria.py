"""The weights and target bands of a cohort."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from twinning.audit.services import record

from ..engine.types import DEFAULT_BANDS, Band
from ..models import Criterion, TargetBand
from ..selectors.criteria import SIGNED, bands_of, weights_of


@transaction.atomic
def set_weights(cohort: Cohort, *, weights: Mapping[str, int], by, now: datetime) -> dict[str, int]:
    """Make these the weights from which the cohort's next runs start. Journals what changed; runs keep their own."""
    before = weights_of(cohort)
    for slug, weight in weights.items():
        criterion = Criterion(cohort=cohort, slug=slug, weight=weight)
        criterion.clean_fields()
        Criterion.objects.update_or_create(cohort=cohort, slug=slug, defaults={"weight": weight})
    changed = {slug: [before.get(slug), weight] for slug, weight in weights.items() if before.get(slug) != weight}
    if changed:
        record(cohort, "matching.criteria.changed", by=by, at=now, data={"changed": changed})
    return weights_of(cohort)


@transaction.atomic
def set_bands(cohort: Cohort, *, bands: Iterable[Band], by, now: datetime) -> tuple[Band, ...]:
    """Say how far apart twins and hosts of this cohort should be. Journals what changed; runs keep what they had.

    What is as proposed has no row, so that a better proposal reaches the cohort. Raises ValidationError by dimension.
    """
    proposed, before = {band.dimension: band for band in DEFAULT_BANDS}, bands_of(cohort)
    for band in bands:
        values = {"centre": band.centre, "width": band.width, "weight": band.weight}
        if band.centre < 0 and band.dimension not in SIGNED:
            raise ValidationError({band.dimension: _("Only where a side can be ahead may the distance be below 0.")})
        if band == proposed[band.dimension]:
            TargetBand.objects.filter(cohort=cohort, dimension=band.dimension).delete()
            continue
        row = TargetBand(cohort=cohort, dimension=band.dimension, **values)
        try:
            row.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as fault:
            raise ValidationError({band.dimension: fault.messages}) from fault
        TargetBand.objects.update_or_create(cohort=cohort, dimension=band.dimension, defaults=values)
    after = bands_of(cohort)
    changed = [new.dimension for old, new in zip(before, after, strict=True) if old != new]
    if changed:
        record(cohort, "matching.bands.changed", by=by, at=now, data={"dimensions": ", ".join(changed)})
    return after
