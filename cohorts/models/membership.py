"""Scoped roles. A role belongs to a participation or hosting in one cohort, never to a city for good."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.models import TimeStamped

from ..states import MemberRole
from .host import Hosting
from .pairing import Pairing
from .participation import Participation


class HeldRoleQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)


class HeldRole(TimeStamped):
    """A role that somebody holds for a while."""

    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = HeldRoleQuerySet.as_manager()

    class Meta:
        abstract = True


class Membership(HeldRole):
    """An officer of a city's participation."""

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=15, choices=MemberRole, default=MemberRole.OFFICER)

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "user"], condition=models.Q(ended_at=None), name="membership_once"
            ),
            models.UniqueConstraint(
                fields=["participation"],
                condition=models.Q(ended_at=None, role=MemberRole.LEAD_OFFICER),
                name="one_lead_officer",
                violation_error_message=_("There is already a lead officer. Make them an officer first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}, {self.participation})"


class HostContact(HeldRole):
    """Somebody who speaks for a host in one cohort."""

    hosting = models.ForeignKey(Hosting, on_delete=models.PROTECT, related_name="contacts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="host_contacts")

    class Meta:
        verbose_name = _("host contact")
        verbose_name_plural = _("host contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["hosting", "user"], condition=models.Q(ended_at=None), name="host_contact_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.hosting})"


class FacilitatorAssignment(HeldRole):
    """The facilitator who accompanies a pairing."""

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    is_lead = models.BooleanField(_("lead"), default=True)

    class Meta:
        verbose_name = _("facilitator's assignment")
        verbose_name_plural = _("facilitators' assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "user"], condition=models.Q(ended_at=None), name="assignment_once"
            ),
            models.UniqueConstraint(
                fields=["pairing"],
                condition=models.Q(ended_at=None, is_lead=True),
                name="one_lead_facilitator",
                violation_error_message=_("This pairing already has a lead facilitator."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.pairing}"
