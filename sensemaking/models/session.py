"""Sessions: when a cohort, or several, think together; in which format, with which questions."""

import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from twinning.core.models import PublicCode, TimeStamped

from ..states import RoomMode, SessionKind, SessionState
from .cluster import Cluster, Round

MOST_PARTS = 6


class SessionFormat(models.Model):
    """A way to run a session, as data: formats change from round to round with what cities say about them."""

    slug = models.SlugField(_("id"), max_length=60, unique=True)
    label = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)
    room_mode = models.CharField(_("rooms"), max_length=10, choices=RoomMode, default=RoomMode.NONE)
    parts = models.PositiveSmallIntegerField(_("rounds of rooms"), default=1)
    minutes_in_rooms = models.PositiveSmallIntegerField(_("minutes in a room"), default=30)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("format")
        verbose_name_plural = _("formats")
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parts__gte=1, parts__lte=MOST_PARTS), name="format_has_one_to_six_parts"
            )
        ]

    def __str__(self) -> str:
        return self.label


class SessionQuerySet(models.QuerySet):
    def in_cohort(self, cohort):
        return self.filter(session_cohorts__cohort=cohort)

    def visible_to(self, user):
        """Sessions of the cohorts in which the person has a part."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        cohorts = Cohort.objects.visible_to(user)
        return self.filter(pk__in=SessionCohort.objects.filter(cohort__in=cohorts.values("pk")).values("session"))


class Session(PublicCode, TimeStamped):
    """One meeting. The day is always known; the hour once it is agreed.

    `parts` are its rounds of rooms: in each, everybody sits in one room. Rooms are the team's draft until `rooms_shown_at`.
    """

    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=14, choices=SessionKind)
    state = models.CharField(_("state"), max_length=10, choices=SessionState, default=SessionState.PLANNED)
    cohorts = models.ManyToManyField(Cohort, through="SessionCohort", related_name="sessions")
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("round")
    )
    clusters = models.ManyToManyField(Cluster, blank=True, related_name="sessions", verbose_name=_("clusters"))
    format = models.ForeignKey(
        SessionFormat,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("format"),
    )
    held_on = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Brussels")
    link = models.URLField(_("link to the call"), blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    room_mode = models.CharField(_("rooms"), max_length=10, choices=RoomMode, default=RoomMode.NONE)
    parts = models.PositiveSmallIntegerField(_("rounds of rooms"), default=1)
    pairings_together = models.BooleanField(_("seat a twin and its host together"), default=False)
    rooms_shown_at = models.DateTimeField(_("rooms shown since"), null=True, blank=True)
    present_note = models.CharField(_("who took part, as published"), max_length=300, blank=True)
    sources = models.JSONField(_("sources"), default=list, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("held_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parts__gte=1, parts__lte=MOST_PARTS),
                name="session_has_one_to_six_parts",
                violation_error_message=_("A session has one to six rounds of rooms."),
            ),
            models.CheckConstraint(
                condition=models.Q(minutes=None) | models.Q(minutes__gte=10, minutes__lte=600),
                name="session_lasts_ten_minutes_to_ten_hours",
                violation_error_message=_("A session lasts from 10 to 600 minutes."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("sensemaking:session-detail", args=[self.code])

    @property
    def ends_at(self) -> datetime.datetime | None:
        if self.starts_at is None or self.minutes is None:
            return None
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    @property
    def is_allocated(self) -> bool:
        return self.room_mode == RoomMode.ALLOCATED

    @property
    def part_numbers(self) -> range:
        return range(1, self.parts + 1)


class SessionCohort(models.Model):
    """A cohort that takes part in a session; several do in an inter-cohort session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="session_cohorts")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="session_cohorts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "cohort"], name="session_cohort_once")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.cohort_id}"


class AgendaItem(models.Model):
    """One point of the agenda, with its length."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    part = models.PositiveSmallIntegerField(_("round of rooms"), null=True, blank=True)  # the one that happens here

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("agenda")
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="agenda_position_once")]

    def __str__(self) -> str:
        return self.title


class AgendaRun(models.Model):
    """A point of the agenda as it really happened: a row for each time that it was the present one.

    Title and length stand here as they were when it began, so that the plan may be rewritten and what happened still be told.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="agenda_runs")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, related_name="runs")
    title = models.CharField(_("title"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True)  # as planned
    started_at = models.DateTimeField(_("started at"))
    ends_at = models.DateTimeField(_("its time is up at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)  # empty while it is the present point

    class Meta:
        verbose_name = _("point of the agenda as it happened")
        verbose_name_plural = _("agenda as it happened")
        ordering = ("started_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(ended_at=None), name="one_point_of_the_agenda_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="agenda_point_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GuidingQuestion(models.Model):
    """What a room, or every room where none is named, talks about."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="questions")
    room = models.ForeignKey(
        "sensemaking.Room", on_delete=models.CASCADE, null=True, blank=True, related_name="questions"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("question"), max_length=300)

    class Meta:
        verbose_name = _("guiding question")
        verbose_name_plural = _("guiding questions")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.text
