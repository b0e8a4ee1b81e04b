"""The weights of a cohort."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cohorts.models import Cohort
from twinning.audit.services import record

from ..models import Criterion
from ..selectors.criteria import weights_of


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
