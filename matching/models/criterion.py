from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from twinning.core.models import TimeStamped


class Criterion(TimeStamped):
    """How much one criterion of the engine counts in a cohort. A cohort without rows uses the engine's defaults."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="criteria")
    slug = models.SlugField(_("criterion"), max_length=40)  # a name that `matching.engine.scoring` knows
    weight = models.PositiveSmallIntegerField(_("weight"), validators=[MaxValueValidator(100)])

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [models.UniqueConstraint(fields=["cohort", "slug"], name="criterion_once_in_cohort")]

    def __str__(self) -> str:
        return f"{self.slug}: {self.weight}"
