"""The library: accepted outputs to be found across cohorts, and where a reused row came from."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Term
from cohorts.models.city import fold

from .output import Output
from .version import OutputVersion


class LibraryEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those whose version the library opens to the person."""
        return self.filter(version__in=OutputVersion.objects.in_library_for(user).values("pk"))

    def saying(self, text: str):
        """Those whose text holds every word of `text`, whatever its case and diacritics."""
        rows = self
        for word in fold(text).split():
            rows = rows.filter(search_text__contains=word)
        return rows


class LibraryEntry(models.Model):
    """The accepted version of an output, made ready for searching when it is accepted."""

    output = models.OneToOneField(Output, on_delete=models.CASCADE, related_name="library_entry")
    version = models.OneToOneField(OutputVersion, on_delete=models.CASCADE, related_name="library_entry")
    search_text = models.TextField()  # city, country and every text, folded
    summary = models.CharField(_("begins with"), max_length=300, blank=True)
    terms = models.ManyToManyField(Term, related_name="library_entries")  # domains and levers
    entered_at = models.DateTimeField(_("entered at"))

    objects = LibraryEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the library")
        verbose_name_plural = _("entries of the library")

    def __str__(self) -> str:
        return f"{self.version}"


class RowOrigin(models.Model):
    """Where a row of a draft was taken from. The row itself is free to change; its origin is not."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="row_origins")
    table = models.SlugField(max_length=40)
    row = models.CharField(max_length=16)  # the code of the new row
    source = models.ForeignKey(OutputVersion, on_delete=models.PROTECT, related_name="reused_rows")
    source_row = models.CharField(max_length=16)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(_("taken at"))

    class Meta:
        verbose_name = _("origin of a row")
        verbose_name_plural = _("origins of rows")
        constraints = [models.UniqueConstraint(fields=["output", "table", "row"], name="row_origin_once")]

    def __str__(self) -> str:
        return f"{self.table}:{self.row} ← {self.source}"
