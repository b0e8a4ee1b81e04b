"""What is known about a city besides its own record: climate, law, competences, language, ambition."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from twinning.core.models import TimeStamped

from ..states import FactConfidence
from .city import City
from .vocabulary import Term


class ContextFactQuerySet(models.QuerySet):
    def of(self, cities):
        """The facts of these cities with their dimensions, in the order of the list."""
        rows = self.filter(city__in=cities).select_related("dimension")
        return rows.order_by("dimension__position", "dimension", "city")


class ContextFact(TimeStamped):
    """The present value of a city in one dimension, where it was read and how sure we are. Earlier ones: the journal.

    A dimension is a term of the list of dimensions; `kinds` says how its values are written and compared. What nobody
    has stated has no row: unknown is never a value.
    """

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="facts")
    dimension = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="facts", verbose_name=_("dimension"))
    value = models.CharField(_("value"), max_length=300)  # words, a year, or codes; several with "; " between
    source = models.CharField(_("source"), max_length=300)
    year = models.PositiveSmallIntegerField(
        _("year of the source"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1990), MaxValueValidator(2100)],
    )
    retrieved_on = models.DateField(_("read on"), null=True, blank=True)
    confidence = models.CharField(_("how sure"), max_length=8, choices=FactConfidence, default=FactConfidence.STATED)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="facts_stated"
    )  # null: brought by the platform itself
    stated_at = models.DateTimeField(_("stated at"))

    objects = ContextFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.UniqueConstraint(
                fields=["city", "dimension"],
                name="context_fact_once",
                violation_error_message=_("The city has a value in this dimension already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(value=""),
                name="context_fact_with_value",
                violation_error_message=_("Give a value. What is not known has no entry."),
            ),
            models.CheckConstraint(
                condition=~models.Q(source=""),
                name="context_fact_with_source",
                violation_error_message=_("Say where it was read, or who says so."),
            ),
            models.CheckConstraint(
                condition=models.Q(year__isnull=False) | models.Q(retrieved_on__isnull=False),
                name="context_fact_with_date",
                violation_error_message=_("Give the year of the source, or the day on which it was read."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_id}, {self.dimension_id}: {self.value}"

    @property
    def dated(self) -> str:
        """The year that the fact is true for, else the day on which it was read."""
        return str(self.year) if self.year else date_format(self.retrieved_on, "j F Y")
