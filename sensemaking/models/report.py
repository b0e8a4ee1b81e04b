"""The report of a session: what people write into it, the editions that were published, and their files."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.jobs import READY_HAS_FILE, FileJob
from twinning.core.models import PublicCode, TimeStamped

from ..states import ReportState
from .session import Session


class SessionReport(PublicCode, TimeStamped):
    """One report for a session. `content` is the last edition that was published, whole; what follows is a draft until
    it is published too."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="report")
    state = models.CharField(_("state"), max_length=9, choices=ReportState, default=ReportState.DRAFT)
    introduction = models.TextField(_("introduction"), blank=True)
    edition = models.PositiveSmallIntegerField(_("edition"), default=0)
    content = models.JSONField(null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("report of a session")
        verbose_name_plural = _("reports of sessions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(edition=0, content__isnull=True, published_at=None)
                | models.Q(edition__gte=1, content__isnull=False, published_at__isnull=False),
                name="report_edition_has_content",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReportState.DRAFT) | models.Q(edition__gte=1),
                name="report_published_has_edition",
            ),
        ]

    def __str__(self) -> str:
        return str(self.session)

    def get_absolute_url(self) -> str:
        return reverse("sensemaking:report", args=[self.session.code])


class Recommendation(PublicCode):
    """What the session recommends. On which insights it stands, the links say."""

    report = models.ForeignKey(SessionReport, on_delete=models.CASCADE, related_name="recommendations")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("recommendation"), max_length=500)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ("position", "pk")
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="recommendation_has_text")]

    def __str__(self) -> str:
        return self.text


class ReportFileQuerySet(models.QuerySet):
    def with_subject(self):
        """With what making, naming and showing one needs."""
        return self.select_related("report__session")


class ReportFile(FileJob):
    """The PDF of a report's last edition, and the job that makes it. Made anew when the edition changes."""

    report = models.OneToOneField(SessionReport, on_delete=models.CASCADE, related_name="pdf")

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        constraints = [
            models.CheckConstraint(condition=READY_HAS_FILE, name="report_file_ready_has_file"),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="report_file_within_total"),
        ]

    def __str__(self) -> str:
        return f"{self.report}, PDF"

    @property
    def file_name(self) -> str:
        """A name of its own for each making: an old file is thrown away while the next may be there already."""
        return f"{self.code}-{self.claim.rpartition(':')[2]}.pdf"
