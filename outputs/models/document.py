from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from ..states import DocumentState
from .version import OutputVersion


class Document(PublicCode, TimeStamped):
    """The PDF of a version, and the job that renders it. The row is the truth; a broker message is only a hint."""

    version = models.ForeignKey(OutputVersion, on_delete=models.PROTECT, related_name="documents")
    format = models.CharField(_("format"), max_length=10, default="pdf")
    state = models.CharField(_("state"), max_length=10, choices=DocumentState, default=DocumentState.QUEUED)
    file = models.FileField(_("file"), blank=True, max_length=200)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued at"))
    claimed_at = models.DateTimeField(null=True, blank=True)
    # Who holds it, "host:process:random": a late worker must not overwrite a newer one, a dead one is recognised.
    claim = models.CharField(max_length=160, blank=True)
    hinted_at = models.DateTimeField(null=True, blank=True)  # when a worker was last told of it
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["version", "format"], name="document_once_per_version"),
            models.CheckConstraint(
                condition=models.Q(state=DocumentState.READY, finished_at__isnull=False) & ~models.Q(file="")
                | ~models.Q(state=DocumentState.READY),
                name="document_ready_has_file",
            ),
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="document_by_state")]

    def __str__(self) -> str:
        return f"{self.version}, {self.format}"
