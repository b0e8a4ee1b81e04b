from django.core.validators import MaxValueValidator, MinValueValidator
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


class TargetBand(TimeStamped):
    """How far apart a twin and its host should be in one dimension. A dimension without row has the proposed band.

    Distances are 0 (the same) to 100 (as far as it goes); below 0 the host is behind, where a dimension knows that.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="target_bands")
    dimension = models.SlugField(_("dimension"), max_length=40)  # a name that `matching.engine.context` knows
    centre = models.SmallIntegerField(_("best distance"), validators=[MinValueValidator(-100), MaxValueValidator(100)])
    width = models.PositiveSmallIntegerField(_("width of the band"), validators=[MaxValueValidator(200)])
    weight = models.PositiveSmallIntegerField(_("weight"), validators=[MaxValueValidator(10)])

    class Meta:
        verbose_name = _("target band")
        verbose_name_plural = _("target bands")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "dimension"], name="target_band_once_in_cohort"),
            models.CheckConstraint(
                condition=models.Q(centre__range=(-100, 100), width__lte=200, weight__lte=10),
                name="target_band_on_the_scale",
                violation_error_message=_("Distances lie from -100 to 100, widths up to 200, weights up to 10."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.centre} ± {self.width // 2}"
