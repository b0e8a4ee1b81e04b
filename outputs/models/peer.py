"""Officers of another city of the cohort, invited to read one version and to comment on it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from cohorts.models import Participation
from twinning.core.models import PublicCode

from .version import OutputVersion


class PeerInvitationQuerySet(models.QuerySet):
    def open(self):
        """Those not taken back whose last day has not passed, by the clock of the database."""
        return self.filter(ended_at=None, until__gte=TruncDate(Now()))


class PeerInvitation(PublicCode):
    """Opens one version to one officer until a day. It opens nothing else: not the draft, not what others comment."""

    version = models.ForeignKey(OutputVersion, on_delete=models.CASCADE, related_name="peer_invitations")
    guest = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="peer_invitations")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="peer_invitations")
    note = models.TextField(_("what you ask them"), blank=True)
    until = models.DateField(_("until"))
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited at"))
    ended_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = PeerInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation of a peer city")
        verbose_name_plural = _("invitations of peer cities")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "guest"],
                condition=models.Q(ended_at=None),
                name="peer_invited_once",
                violation_error_message=_("This officer is invited already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.guest} ({self.participation}): {self.version}"
