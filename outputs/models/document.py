from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Participation
from twinning.core.models import PublicCode, TimeStamped

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


class Document(PublicCode, TimeStamped):
    """A file that a worker makes, and the job that makes it: of one version, or of a city's whole folder. The row is the
    truth; a broker message is only a hint."""

    version = models.ForeignKey(
        OutputVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, null=True, blank=True, related_name="folders"
    )
    format = models.CharField(_("format"), max_length=10, choices=DocumentFormat, default=DocumentFormat.PDF)
    is_long = models.BooleanField(
        _("takes long"), default=False
    )  # waits in a queue of its own, so that short ones do not
    state = models.CharField(_("state"), max_length=10, choices=DocumentState, default=DocumentState.QUEUED)
    file = models.FileField(_("file"), blank=True, max_length=200)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    done = models.PositiveSmallIntegerField(_("steps done"), default=0)
    total = models.PositiveSmallIntegerField(_("steps in all"), default=0)  # 0 where it is made in one step
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued at"))
    claimed_at = models.DateTimeField(null=True, blank=True)
    # Who holds it, "host:process:random": a late worker must not overwrite a newer one, a dead one is recognised.
    claim = models.CharField(max_length=160, blank=True)
    hinted_at = models.DateTimeField(null=True, blank=True)  # when a worker was last told of it
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

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
            models.CheckConstraint(
                condition=models.Q(state=DocumentState.READY, finished_at__isnull=False) & ~models.Q(file="")
                | ~models.Q(state=DocumentState.READY),
                name="document_ready_has_file",
            ),
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

    @property
    def is_moving(self) -> bool:
        return self.state in (DocumentState.QUEUED, DocumentState.RENDERING)
