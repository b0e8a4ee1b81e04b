from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from twinning.core.models import PublicCode

from ..states import OutputState, Verdict
from .output import Output


class OutputVersionQuerySet(models.QuerySet):
    def in_library_for(self, user):
        """What the library opens: the version that was accepted of an output that is accepted still.

        People of the programme read those of all cohorts; officers and host contacts those of the cohorts in which
        they have a part now.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        accepted = self.filter(decision__verdict=Verdict.ACCEPTED, output__state=OutputState.ACCEPTED)
        accepted = accepted.filter(library_entry__isnull=False)
        if user.platform_role:
            return accepted
        return accepted.filter(output__participation__cohort__in=Cohort.objects.visible_to(user).values("pk"))

    def visible_to(self, user):
        """All versions of the outputs that the person sees; those of the library; and single ones that an officer of
        another city was invited to read, until the day named in the invitation."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(
            models.Q(output__in=Output.objects.visible_to(user).values("pk"))
            | models.Q(pk__in=self.model.objects.in_library_for(user).values("pk"))
            | models.Q(pk__in=user.peer_invitations.open().values("version"))
        )


class OutputVersion(PublicCode):
    """What was submitted, frozen. `content` is complete: page and PDF of this version read nothing else."""

    output = models.ForeignKey(Output, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("fingerprint"), max_length=64)
    language = models.CharField(_("language"), max_length=10, default="en")
    submitted_at = models.DateTimeField(_("submitted at"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200, blank=True)
    message = models.TextField(_("message to the reviewer"), blank=True)

    objects = OutputVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["output", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.output}, {self.number}"
