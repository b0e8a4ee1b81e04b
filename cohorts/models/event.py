"""Events of a cohort's calendar, and the milestones of each twin."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from ..states import EventKind, EventState, VisitDirection
from .cohort import Cohort
from .pairing import Pairing
from .participation import Participation
from .programme import ProgrammeEvent, ProgrammeMilestone


class EventQuerySet(models.QuerySet):
    def in_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def not_cancelled(self):
        return self.exclude(state=EventState.CANCELLED)

    def with_sides(self):
        return self.select_related("cohort", "pairing__participation__city", "pairing__hosting__host")

    def visible_to(self, user):
        """Events of the whole cohort for everybody in it; those of a pairing for whoever sees the pairing."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        return self.filter(
            models.Q(pairing=None, cohort__in=Cohort.objects.visible_to(user))
            | models.Q(pairing__in=Pairing.objects.visible_to(user))
        )


class Event(PublicCode, TimeStamped):
    """`planned_on` is the programme's day; once the hour is agreed, `starts_at` and `ends_at` say it."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="events")
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    template = models.ForeignKey(
        ProgrammeEvent, on_delete=models.SET_NULL, null=True, blank=True, related_name="planned_events"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=EventState, default=EventState.PLANNED)
    planned_on = models.DateField(_("day"))
    days = models.PositiveSmallIntegerField(_("days"), default=1)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Brussels")
    is_online = models.BooleanField(_("online"), default=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True)
    direction = models.CharField(_("who travels"), max_length=15, choices=VisitDirection, blank=True, default="")
    notes = models.TextField(_("notes"), blank=True)
    is_moved_by_hand = models.BooleanField(_("moved by hand"), default=False)
    sequence = models.PositiveIntegerField(default=0)  # of the calendar entry; grows with every change
    is_example = models.BooleanField(_("example"), default=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at=None, ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="event_ends_after_it_starts",
                violation_error_message=_("The event must end after it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind=EventKind.SITE_VISIT) | models.Q(direction=""),
                name="only_visits_have_a_direction",
            ),
            models.UniqueConstraint(
                fields=["cohort", "kind", "number"], condition=models.Q(pairing=None), name="cohort_event_number_once"
            ),
            models.UniqueConstraint(
                fields=["pairing", "kind", "number"],
                condition=models.Q(pairing__isnull=False),
                name="pairing_event_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "planned_on"], name="event_by_day"),
            # All that is asked where the events of a whole cohort are counted: the rows themselves are not read.
            models.Index(
                fields=["cohort", "kind", "number", "state", "pairing", "planned_on", "starts_at"],
                name="event_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cohorts:event-detail", args=[self.code])


class MilestoneQuerySet(models.QuerySet):
    def visible_to(self, user):
        """They come into being with a pairing: whoever may not know of it yet does not learn of it by them."""
        paired = Pairing.objects.visible_to(user).values("participation")
        return self.filter(participation__in=Participation.objects.visible_to(user)).filter(participation__in=paired)


class Milestone(PublicCode, TimeStamped):
    """A facilitator's sign-off that a part of the programme is done for one twin."""

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="milestones")
    template = models.ForeignKey(
        ProgrammeMilestone, on_delete=models.SET_NULL, null=True, blank=True, related_name="planned_milestones"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    due_on = models.DateField(_("due"))
    signed_off_at = models.DateTimeField(_("signed off at"), null=True, blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="milestones_signed_off"
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.UniqueConstraint(fields=["participation", "number"], name="milestone_number_once"),
            models.CheckConstraint(
                condition=models.Q(signed_off_at=None, signed_off_by=None)
                | models.Q(signed_off_at__isnull=False, signed_off_by__isnull=False),
                name="milestone_signed_off_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title


def new_feed_secret() -> str:
    return secrets.token_urlsafe(24)


class CalendarFeed(TimeStamped):
    """The secret address under which a person's calendar program reads their events, without signing in.

    The secret opens nothing but dates; a new one makes the old address worthless.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    secret = models.CharField(max_length=64, unique=True, default=new_feed_secret, editable=False)

    class Meta:
        verbose_name = _("calendar subscription")
        verbose_name_plural = _("calendar subscriptions")

    def __str__(self) -> str:
        return str(self.user_id)
