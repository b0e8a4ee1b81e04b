"""Pairings: one twin learns with one host in one cohort. Ended pairings stay as history."""

import sys

from django.conf import settings
from django.db import connections, models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from ..states import OPEN_PAIRING, AnswerKind, Confidence, PairingState
from .cohort import Cohort
from .host import Hosting, host_cities, host_label
from .participation import Participation


class PairingQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=OPEN_PAIRING)

    def announced(self):
        return self.filter(state=PairingState.ANNOUNCED)

    def declined(self):
        """Open pairings that one of their sides has declined: somebody must decide what follows."""
        return self.open().filter(pk__in=self.model.objects.filter(answers__answer=AnswerKind.DECLINED).values("pk"))

    def in_cohort(self, cohort):
        return self.filter(participation__cohort=cohort)

    def assigned_to(self, user):
        return self.filter(pk__in=user.assignments.filter(ended_at=None).values("pairing"))

    def with_sides(self):
        """Both sides with everything that their names need."""
        return self.select_related("participation__city", "participation__cohort", "hosting__host").prefetch_related(
            host_cities("hosting__host__host_cities")
        )

    def by_twin(self):
        """By the twin's name, for a page of them: count them before."""
        pairings = self.order_by("participation__city__name", "pk")
        if connections[self.db].vendor != "sqlite":
            return pairings
        # SQLite keeps no statistics: it walks the index of names only where it is told a range, and looks at every pairing
        # otherwise. All names lie in this one.
        return pairings.filter(participation__city__name__range=("", chr(sys.maxunicode)))

    def visible_to(self, user):
        """Nobody outside the team learns of a pairing before it is announced.

        Facilitators see the pairings assigned to them and those of the cohorts they run; officers and host contacts
        their own once announced, ended ones included.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        assigned = models.Q(pk__in=user.assignments.filter(ended_at=None).values("pairing"))
        teamed = models.Q(participation__cohort__in=user.team_memberships.values("cohort"))
        was_announced = models.Q(announced_at__isnull=False)
        own = models.Q(participation__in=user.memberships.filter(ended_at=None).values("participation"))
        hosted = models.Q(hosting__in=user.host_contacts.filter(ended_at=None).values("hosting"))
        return self.filter(assigned | teamed | (was_announced & (own | hosted)))

    def known_to(self, user):
        """Those the person sees, and by name those announced in their cohorts: who learns with whom is public there."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        public = models.Q(state=PairingState.ANNOUNCED, participation__cohort__in=Cohort.objects.visible_to(user))
        return self.filter(models.Q(pk__in=self.model.objects.visible_to(user).values("pk")) | public)


class Pairing(PublicCode, TimeStamped):
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="pairings")
    hosting = models.ForeignKey(Hosting, on_delete=models.PROTECT, related_name="pairings")
    state = models.CharField(_("state"), max_length=10, choices=PairingState, default=PairingState.CONFIRMED)
    confidence = models.CharField(_("confidence"), max_length=20, choices=Confidence, default=Confidence.DECIDED)
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), null=True, blank=True)  # noqa: DJ001 null = not stated in the package
    decision_reason = models.TextField(_("reason"), blank=True)  # why by hand, or why this host
    confirmed_at = models.DateTimeField(_("confirmed at"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="pairings_confirmed"
    )  # null: brought by a package
    announced_at = models.DateTimeField(_("announced at"), null=True, blank=True)
    # Until when both sides are asked to accept; null: nobody is asked, as with pairings that a package brought.
    answer_by = models.DateField(_("answer until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_reason = models.CharField(_("reason of the end"), max_length=500, blank=True)
    position = models.PositiveIntegerField(default=0)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        constraints = [
            models.UniqueConstraint(
                fields=["participation"],
                condition=models.Q(state__in=OPEN_PAIRING),
                name="one_open_pairing_per_participation",
                violation_error_message=_("This twin already has a host in this cohort."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=PairingState.ENDED, ended_at__isnull=False)
                | (~models.Q(state=PairingState.ENDED) & models.Q(ended_at=None)),
                name="pairing_ended_iff_ended_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PairingState.ENDED) | ~models.Q(ended_reason=""),
                name="pairing_ended_with_reason",
                violation_error_message=_("Say why the pairing ends."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PairingState.ANNOUNCED) | models.Q(announced_at__isnull=False),
                name="pairing_announced_has_announced_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PairingState.CONFIRMED) | models.Q(announced_at=None),
                name="pairing_confirmed_is_not_announced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.city} – {host_label(self.hosting.host)}"

    def get_absolute_url(self) -> str:
        return reverse("cohorts:pairing-detail", args=[self.code])
