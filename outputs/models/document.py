from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Participation
from twinning.core.jobs import READY_HAS_FILE, FileJob

from ..states import DocumentFormat, DocumentState
from .version import OutputVersion


class DocumentQuerySet(models.QuerySet):
    def with_subject(self):
        """With everything that making, naming and showing one needs."""
        return self.select_related(
            "version__output__participation__city", "version__output__participation__cohort", "participation__city"
        )

    def waiting(self):
        return self.filter(state=DocumentState.QUEUED)


class Document(FileJob):
    """A file that a worker makes, and the job that makes it: of one version, or of a city's whole folder. The row is the
    truth; a broker message is only a hint."""

    version = models.ForeignKey(
        OutputVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, null=True, blank=True, related_name="folders"
    )
    format = models.CharField(_("format"), max_length=10, choices=DocumentFormat, default=DocumentFormat.PDF)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["version", "format"], name="document_once_per_version"),
            models.UniqueConstraint(fields=["participation"], name="folder_once_per_participation"),
            models.CheckConstraint(
                condition=models.Q(version=None, participation__isnull=False, format=DocumentFormat.FOLDER)
                | models.Q(version__isnull=False, participation=None) & ~models.Q(format=DocumentFormat.FOLDER),
                name="document_of_version_or_folder",
            ),
            models.CheckConstraint(condition=READY_HAS_FILE, name="document_ready_has_file"),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="document_done_within_total"),
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="document_by_state")]

    def __str__(self) -> str:
        return f"{self.version or self.participation}, {self.format}"

    @property
    def subject(self):
        """What the journal's lines about it are about: the output, or the participation."""
        return self.version.output if self.version_id else self.participation

    @property
    def file_name(self) -> str:
        return f"{self.code}.{'zip' if self.format == DocumentFormat.FOLDER else 'pdf'}"
