"""What rows of tables have in common. Their columns stand in `outputs.kinds`, under the same names as the fields here."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from .output import Output


def within(field: str, least: int, most: int) -> models.Q:
    """Empty or in this range."""
    return models.Q(**{field: None}) | models.Q(**{f"{field}__range": (least, most)})


def scale(label) -> models.PositiveSmallIntegerField:
    """A rating from 0 to 4; the model adds the constraint."""
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


def money(label) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=2, null=True, blank=True)


def number(label) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=3, null=True, blank=True)


class Written(TimeStamped):
    """Who wrote it last, and when."""

    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    class Meta:
        abstract = True


class RowQuerySet(models.QuerySet):
    def present(self):
        """Those that were not removed, in their order."""
        return self.filter(removed_at=None).order_by("position", "pk")

    def of_output(self, output: Output):
        return self.filter(**{self.model.PATH_TO_OUTPUT: output})

    def of_participation(self, participation_id: int):
        return self.filter(**{f"{self.model.PATH_TO_OUTPUT}__participation": participation_id})


class PlacedRow(PublicCode, Written):
    """A row that people add, order, remove and bring back."""

    PATH_TO_OUTPUT = "output"

    position = models.PositiveSmallIntegerField(_("position"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)  # a removed row can be brought back

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True


class Row(PlacedRow):
    """A row of an output."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="%(class)s_rows")

    class Meta:
        abstract = True


class KeyedQuerySet(RowQuerySet):
    def present(self):
        return self.order_by("pk")


class KeyedRow(Written):
    """A row of a table with fixed keys: it exists once for each key, and nobody adds or removes it.

    Where nothing has been written there is no row yet; the page shows an unsaved one.
    """

    PATH_TO_OUTPUT = "output"

    key = models.SlugField(_("key"), max_length=60)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def code(self) -> str:
        """What names the row in its place; a key never holds a colon or a point."""
        return self.key
