"""Participations: a city's place as a twin in one cohort."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from ..states import NEEDS_REASON, PARTICIPATING, PairingState, ParticipationState
from .city import City
from .cohort import Cohort, CohortTeamMember
from .vocabulary import Term


class ParticipationQuerySet(models.QuerySet):
    def in_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def participating(self):
        return self.filter(state__in=PARTICIPATING)

    def of_member(self, user):
        """Participations that the person writes for."""
        return self.filter(memberships__user=user, memberships__ended_at=None)

    def visible_to(self, user):
        """Whole cohorts for those who run or see them; for cities and hosts: themselves and their counterparts."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        own = models.Q(pk__in=self.model.objects.of_member(user).values("pk"))
        hosted = models.Q(
            pk__in=self.model.objects.filter(
                pairings__state=PairingState.ANNOUNCED,
                pairings__hosting__contacts__user=user,
                pairings__hosting__contacts__ended_at=None,
            ).values("pk")
        )
        accompanied = models.Q(
            pk__in=self.model.objects.filter(
                pairings__assignments__user=user, pairings__assignments__ended_at=None
            ).values("pk")
        )
        teamed = models.Exists(CohortTeamMember.objects.filter(cohort=models.OuterRef("cohort"), user=user))
        return self.filter(own | hosted | accompanied | teamed)

    def known_to(self, user):
        """Those the person sees, and by name the twins whose pairing was announced in the person's cohorts."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        public = self.model.objects.filter(
            pairings__state=PairingState.ANNOUNCED, cohort__in=Cohort.objects.visible_to(user)
        ).values("pk")
        return self.filter(models.Q(pk__in=self.model.objects.visible_to(user).values("pk")) | models.Q(pk__in=public))


class Participation(PublicCode, TimeStamped):
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="participations")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="participations")
    state = models.CharField(_("state"), max_length=12, choices=ParticipationState, default=ParticipationState.SELECTED)
    state_on = models.DateField(_("since"), null=True, blank=True)
    state_reason = models.CharField(_("reason"), max_length=500, blank=True)
    interests = models.TextField(_("interests"), blank=True)
    challenges = models.TextField(_("challenges"), blank=True)
    offers = models.TextField(_("what the city can teach"), blank=True)
    terms = models.ManyToManyField(Term, through="ParticipationTerm", related_name="participations")
    sources = models.JSONField(_("sources"), default=list, blank=True)
    position = models.PositiveIntegerField(default=0)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "city"], name="participation_once_in_cohort"),
            models.CheckConstraint(
                condition=~models.Q(state__in=NEEDS_REASON) | ~models.Q(state_reason=""),
                name="participation_left_with_reason",
                violation_error_message=_("Say why the city left."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city}"

    def get_absolute_url(self) -> str:
        return reverse("cohorts:participation-detail", args=[self.code])


class ParticipationTerm(models.Model):
    """A domain or lever that a twin wants to learn about."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="participation_terms")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="participation_terms")
    is_inferred = models.BooleanField(_("inferred"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "term"], name="participation_term_once")]

    def __str__(self) -> str:
        return f"{self.participation_id}: {self.term_id}"


class ParticipationStrength(models.Model):
    """A domain or lever that a twin can teach."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="strengths")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="participation_strengths")
    is_inferred = models.BooleanField(_("inferred"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "term"], name="participation_strength_once")]

    def __str__(self) -> str:
        return f"{self.participation_id}: {self.term_id}"
