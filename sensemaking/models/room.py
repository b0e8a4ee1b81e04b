"""Rooms of a session, the people in it, and who sits where."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.models import City, Hosting, Participation
from twinning.core.models import PublicCode, TimeStamped

from ..states import GUIDES, SEARCHING, GuestRole, GuestState, SearchState, SeatOrigin, SeatState
from .session import Session

LEAST, MOST = 3, 8  # proposed sizes of a room


def new_key() -> str:
    """The unguessable part of the address of somebody's own page."""
    return secrets.token_urlsafe(18)


class Room(PublicCode, TimeStamped):
    """A room in one part of a session, with a theme or without. `least` and `most` count those who speak."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="rooms")
    part = models.PositiveSmallIntegerField(_("round of rooms"), default=1)
    position = models.PositiveSmallIntegerField(_("number"))
    theme = models.CharField(_("theme"), max_length=160, blank=True)
    least = models.PositiveSmallIntegerField(_("fewest people"), default=LEAST)
    most = models.PositiveSmallIntegerField(_("most people"), default=MOST)
    method = models.CharField(_("how the room works"), max_length=300, blank=True)
    link = models.URLField(_("link to the room"), blank=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ("part", "position")
        constraints = [
            models.UniqueConstraint(fields=["session", "part", "position"], name="room_number_once_in_part"),
            models.CheckConstraint(
                condition=models.Q(least__lte=models.F("most")),
                name="room_sizes_in_order",
                violation_error_message=_("The fewest people may not be more than the most people."),
            ),
        ]

    def __str__(self) -> str:
        return self.theme or str(_("Room %(number)d") % {"number": self.position})


class Guest(PublicCode, TimeStamped):
    """Somebody in a session, mostly for a city. An account is not needed: the address with the key is their page.

    A place without a name is kept for a city until somebody says who comes.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(_("name"), max_length=160, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="session_places"
    )
    city = models.ForeignKey(
        City, on_delete=models.PROTECT, null=True, blank=True, related_name="session_guests", verbose_name=_("city")
    )
    participation = models.ForeignKey(
        Participation, on_delete=models.SET_NULL, null=True, blank=True, related_name="session_guests"
    )
    hosting = models.ForeignKey(
        Hosting, on_delete=models.SET_NULL, null=True, blank=True, related_name="session_guests"
    )
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=GuestRole, default=GuestRole.SPEAKER)
    state = models.CharField(_("state"), max_length=10, choices=GuestState, default=GuestState.EXPECTED)
    consented_at = models.DateTimeField(_("agreed at"), null=True, blank=True)  # to the board's consent text
    consent_withdrawn_at = models.DateTimeField(_("consent withdrawn at"), null=True, blank=True)
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)

    class Meta:
        verbose_name = _("person in a session")
        verbose_name_plural = _("people in a session")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name="", city=None, organisation=""),
                name="guest_has_a_name_or_a_city",
                violation_error_message=_("Give a name, a city or an organisation."),
            ),
            models.CheckConstraint(
                condition=models.Q(participation=None) | models.Q(hosting=None), name="guest_is_for_twin_or_host"
            ),
        ]

    def __str__(self) -> str:
        names = [self.name, str(self.city) if self.city_id else self.organisation]
        return ", ".join(name for name in names if name)

    def get_absolute_url(self) -> str:
        return reverse("sensemaking:your-room", args=[self.key])

    @property
    def guides(self) -> bool:
        return self.role in GUIDES

    @property
    def may_be_named(self) -> bool:
        """Whether reports may name this person and quote them: they agreed, and still do."""
        return self.consented_at is not None and self.consent_withdrawn_at is None


class RoomWish(models.Model):
    """A room that somebody would like, the first wish first. For allocation its theme counts, in every part."""

    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="wishes")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="wishes")
    rank = models.PositiveSmallIntegerField(_("rank"))

    class Meta:
        ordering = ("rank",)
        constraints = [
            models.UniqueConstraint(fields=["guest", "room"], name="room_wished_once"),
            models.UniqueConstraint(fields=["guest", "rank"], name="room_wish_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.guest_id}: {self.rank}. {self.room_id}"


class Seat(models.Model):
    """Somebody in a room of one part, or on its waiting list. A pinned seat stays when rooms are allocated anew."""

    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="seats")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seats")
    part = models.PositiveSmallIntegerField()  # the room's, for the constraint
    state = models.CharField(_("state"), max_length=10, choices=SeatState, default=SeatState.TAKEN)
    origin = models.CharField(_("decided by"), max_length=10, choices=SeatOrigin)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["guest", "part"], condition=models.Q(state=SeatState.TAKEN), name="one_seat_in_each_part"
            ),
            models.UniqueConstraint(fields=["guest", "room"], name="seat_once_in_room"),
        ]

    def __str__(self) -> str:
        return f"{self.guest_id}: {self.room_id}"


class RoomRule(models.Model):
    """Two people of a session who must never share a room."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="room_rules")
    one = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "one", "other"], name="kept_apart_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="kept_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} / {self.other_id}"


class RoomPlan(models.Model):
    """What an allocation was worth: points by rule, the bound, what the hard rules cost; kept for each one that was made."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="room_plans")
    seed = models.PositiveIntegerField(_("seed"), default=0)
    moves = models.PositiveIntegerField(_("moves"))
    parts_cost = models.JSONField(_("points by rule"), default=dict)
    bound = models.IntegerField(_("bound"))
    total = models.IntegerField(_("points"))
    broken = models.JSONField(_("broken rules"), default=list)
    prices = models.JSONField(_("what each rule costs"), default=dict)
    seconds = models.FloatField(_("seconds"), default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"{self.session_id}: {self.total}"


class RoomSearch(models.Model):
    """A search for seats that a worker does while the page tells how far it is. At most one of a session is under way."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="room_searches")
    state = models.CharField(_("state"), max_length=10, choices=SearchState, default=SearchState.QUEUED)
    moves = models.PositiveIntegerField(_("moves"))
    seed = models.PositiveIntegerField(_("seed"), default=0)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    alive_at = models.DateTimeField(_("last sign of life"))  # of the worker, or when it was last told

    class Meta:
        verbose_name = _("search for seats")
        verbose_name_plural = _("searches for seats")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(state__in=SEARCHING), name="one_search_of_a_session_under_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in SEARCHING
