"""Facts of cities that the shipped data hold in words. Nothing else is stated: what the sources do not say stays unknown."""

from datetime import datetime

from cohorts.models import City, Term
from cohorts.models.vocabulary import DIMENSIONS
from cohorts.services.facts import state_fact
from cohorts.states import FactConfidence
from twinning.people.models import User

# city -> target year, read from the title or summary of its activity; the source and the year of that source
TARGET_YEARS = {
    "drammen": ("2030", "https://netzerocities.eu/2025/04/04/drammen-zero-emission-mosaic-for-2030/", 2025),
    "rivne": ("2050", "https://netzerocities.eu/pilot-cities-cohort-1-2022/", 2022),
}


def state_facts(*, by: User, now: datetime) -> None:
    """Target years named by activities; inferred, because an activity is no decision of the council."""
    dimension = Term.objects.of(DIMENSIONS).get(code="target_year")
    for slug, (value, source, year) in TARGET_YEARS.items():
        state_fact(
            City.objects.get(slug=slug),
            dimension=dimension,
            value=value,
            source=source,
            year=year,
            confidence=FactConfidence.INFERRED,
            by=by,
            now=now,
        )
