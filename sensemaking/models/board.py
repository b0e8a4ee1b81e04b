"""The board of a session: notes, groups, connections, votes, and the sequence of everything that happened on it."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohorts.models import City
from twinning.core.models import PublicCode, TimeStamped

from ..states import NoteState, Topic
from .room import Guest, Room, new_key
from .session import Session

WIDTH, HEIGHT = 2400, 1600  # of the surface of each room, in its own units
MOST_CHARACTERS = 600


class Board(TimeStamped):
    """One board for a session; each room has a surface of its own, and there is one for all.

    `last_sequence` is counted under this row's lock, so that events are committed in the order of their numbers and
    whoever has seen number n has seen everything before it.
    """

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="board")
    last_sequence = models.PositiveBigIntegerField(default=0)
    is_moderated = models.BooleanField(_("notes wait for a harvester"), default=False)
    is_private = models.BooleanField(_("everybody writes alone until it is revealed"), default=False)
    is_locked = models.BooleanField(_("only facilitators and harvesters change anything"), default=False)
    votes_each = models.PositiveSmallIntegerField(_("votes for each person"), default=0)  # 0: no vote is open
    timer_ends_at = models.DateTimeField(_("timer ends at"), null=True, blank=True)
    called_to = models.ForeignKey(
        Room,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("everybody is called to"),
    )
    join_key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    is_join_open = models.BooleanField(_("people may join by the link"), default=False)
    consent_text = models.TextField(_("what people agree to when they join"), blank=True)

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")

    def __str__(self) -> str:
        return str(self.session)

    @property
    def switches(self) -> tuple[tuple[str, bool, Promise, Promise], ...]:
        """What can be switched: name of the act's field, whether it is on, the words that switch it on and off."""
        return (
            ("private", self.is_private, _("Let everybody write alone"), _("Reveal the notes")),
            ("moderated", self.is_moderated, _("Let notes wait for a harvester"), _("Let notes in at once")),
            ("locked", self.is_locked, _("Lock the board"), _("Unlock the board")),
        )


class NoteGroup(PublicCode, TimeStamped):
    """Notes that belong together, with a name that a person gave."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="groups")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, null=True, blank=True, related_name="note_groups")
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("group of notes")
        verbose_name_plural = _("groups of notes")

    def __str__(self) -> str:
        return self.name


class NoteQuerySet(models.QuerySet):
    def standing(self):
        """Notes that were not removed."""
        return self.exclude(state=NoteState.REMOVED)


class Note(PublicCode, TimeStamped):
    """One remark. `author` said it, `written_by` wrote it down: a harvester writes on behalf of others."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="notes")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    topic = models.CharField(_("topic"), max_length=12, choices=Topic, default=Topic.OTHER)
    text = models.CharField(_("text"), max_length=MOST_CHARACTERS)
    author = models.ForeignKey(
        Guest, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes", verbose_name=_("said by")
    )
    city = models.ForeignKey(
        City, on_delete=models.PROTECT, null=True, blank=True, related_name="notes", verbose_name=_("city")
    )
    written_by = models.ForeignKey(
        Guest,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="written_notes",
        verbose_name=_("written by"),
    )
    group = models.ForeignKey(
        NoteGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes", verbose_name=_("group")
    )
    state = models.CharField(_("state"), max_length=8, choices=NoteState, default=NoteState.PLACED)
    x = models.PositiveSmallIntegerField(default=0)
    y = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField(_("written at"))
    withdrawn_at = models.DateTimeField(_("text erased at"), null=True, blank=True)  # its author withdrew consent
    is_example = models.BooleanField(_("example"), default=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="") & models.Q(withdrawn_at=None)
                | models.Q(text="", state=NoteState.REMOVED, withdrawn_at__isnull=False),
                name="note_has_text_until_withdrawn",
            ),
            models.CheckConstraint(condition=models.Q(x__lte=WIDTH, y__lte=HEIGHT), name="note_lies_on_the_board"),
        ]
        indexes = [models.Index(fields=["board", "room", "state"], name="note_by_board_and_room")]

    def __str__(self) -> str:
        return self.text[:80]


class NoteLink(models.Model):
    """Two notes that somebody connected."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="links")
    one = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="notes_connected_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="notes_connected_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} - {self.other_id}"


class Vote(models.Model):
    """Somebody's vote for a note, at most one for each note."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="votes")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="votes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "guest"], name="one_vote_for_each_note")]

    def __str__(self) -> str:
        return f"{self.guest_id}: {self.note_id}"


class BoardEvent(models.Model):
    """Something that happened on a board, in order. `data` is what every browser is told, `before` what undoing needs.

    `client_id` is the sender's own name for the act: sent twice (a lost answer, a browser that was away), it is done once.
    """

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="events")
    sequence = models.PositiveBigIntegerField()
    act = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    before = models.JSONField(null=True, blank=True)
    guest = models.ForeignKey(Guest, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    client_id = models.CharField(max_length=40, blank=True)
    undone = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "sequence"], name="board_event_in_order"),
            models.UniqueConstraint(
                fields=["board", "guest", "client_id"],
                condition=~models.Q(client_id=""),
                name="board_event_done_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board_id}:{self.sequence} {self.act}"
