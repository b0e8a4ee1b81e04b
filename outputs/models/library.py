"""The library: accepted outputs to be found across cohorts, and where a reused row came from."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Term
from cohorts.models.city import fold

from ..states import OutputState
from .output import Output
from .version import OutputVersion


class LibraryEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those whose version the library opens to the person, and those of which their city made a summary public."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        opened = OutputVersion.objects.in_library_for(user).values("pk")
        public = models.Q(
            output__state=OutputState.ACCEPTED,
            output__publication__isnull=False,
            output__publication__withdrawn_at=None,
        )
        return self.filter(models.Q(version__in=opened) | public)

    def saying(self, text: str):
        """Those that hold every word of `text`, whatever its case and diacritics. Asks for `is_open`: of an entry of
        which the person may read the summary alone, the summary alone is searched."""
        rows = self
        for word in text.split():
            rows = rows.filter(
                models.Q(is_open=True, search_text__contains=fold(word))
                | models.Q(output__publication__withdrawn_at=None, output__publication__summary__icontains=word)
            )
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
