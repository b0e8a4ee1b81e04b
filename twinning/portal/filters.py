"""The filter of the cohort page: pairings by name, country, facilitator, and by what became of their outputs."""

import datetime

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.filters import PairingFilter
from outputs.models import Output
from outputs.states import OutputState

LATE = [("yes", _("Something is late"))]


class CohortFilter(PairingFilter):
    """Besides the pairings give it `outputs`: those whose state the reader may know. Nothing else is filtered by.

    `by_names_alone`: for cities and hosts, who know most pairings by their names and nothing more.
    """

    state = None
    output = django_filters.ChoiceFilter(
        label=_("State of an output"), choices=OutputState.choices, method="filter_output", empty_label=_("All states")
    )
    late = django_filters.ChoiceFilter(label=_("Late"), choices=LATE, method="filter_late", empty_label=_("All"))

    def __init__(
        self,
        *args: object,
        outputs: models.QuerySet[Output],
        today: datetime.date,
        by_names_alone: bool,
        **kwargs: object,
    ) -> None:
        self.outputs, self.today = outputs, today
        self.left_out = ("facilitator", "output", "late") if by_names_alone else ()
        super().__init__(*args, **kwargs)

    def offer(self, listed: models.QuerySet) -> None:
        for name in self.left_out:
            del self.filters[name]
        super().offer(listed)

    def filter_output(self, pairings: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return pairings.filter(participation__in=self.outputs.filter(state=value).values("participation"))

    def filter_late(self, pairings: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return pairings.filter(participation__in=self.outputs.late_on(self.today).values("participation"))
