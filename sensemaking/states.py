"""States and choices of collective sensemaking."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from twinning.core.transitions import Table


class Phase(models.TextChoices):
    """The three phases of collective sensemaking (published)."""

    PREPARE = "prepare", _("Prepare")
    ACT = "act", _("Act")
    ACCELERATE = "accelerate", _("Accelerate")


class SessionKind(models.TextChoices):
    CLUSTER = "cluster", _("Cluster session")
    ALL_CLUSTER = "all_cluster", _("All-cluster session")
    INTER_COHORT = "inter_cohort", _("Inter-cohort session")
    HARVESTING = "harvesting", _("Outcome-harvesting session")


class SessionState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", pgettext_lazy("of a session", "Open")
    CLOSED = "closed", pgettext_lazy("of a session", "Closed")
    CANCELLED = "cancelled", _("Cancelled")


SESSION_MOVES = Table.of(
    ("open", [SessionState.PLANNED, SessionState.CLOSED], SessionState.OPEN),
    ("close", [SessionState.OPEN, SessionState.PLANNED], SessionState.CLOSED),
    ("cancel", [SessionState.PLANNED], SessionState.CANCELLED),
    ("plan_again", [SessionState.CANCELLED], SessionState.PLANNED),
)
UPCOMING = (SessionState.PLANNED, SessionState.OPEN)


class RoomMode(models.TextChoices):
    """How people come into rooms."""

    NONE = "none", _("No rooms: everybody together")
    CHOICE = "choice", _("People choose their room")
    ALLOCATED = "allocated", _("People are allocated to rooms")


class GuestRole(models.TextChoices):
    SPEAKER = "speaker", _("Speaker")
    OBSERVER = "observer", pgettext_lazy("in a session", "Observer")
    FACILITATOR = "facilitator", pgettext_lazy("of a room", "Facilitator")
    HARVESTER = "harvester", _("Harvester")
    TEAM = "team", _("Team of the session")


GUIDES = (GuestRole.FACILITATOR, GuestRole.HARVESTER, GuestRole.TEAM)  # they lead the board
SEATED = (GuestRole.SPEAKER, GuestRole.FACILITATOR, GuestRole.HARVESTER)  # the others go from room to room


class GuestState(models.TextChoices):
    EXPECTED = "expected", _("Expected")
    HERE = "here", _("Here")
    AWAY = "away", _("Not here")


class SeatState(models.TextChoices):
    TAKEN = "taken", _("Has a seat")
    WAITING = "waiting", _("On the waiting list")


class SeatOrigin(models.TextChoices):
    """Who decided on a seat."""

    CHOSEN = "chosen", _("Chosen")
    ALLOCATED = "allocated", _("Allocated")
    BY_HAND = "by_hand", _("Placed by hand")


class SearchState(models.TextChoices):
    """The life of a search for seats that a worker does."""

    QUEUED = "queued", _("Waiting for a worker")
    RUNNING = "running", _("Looking for seats")
    DONE = "done", _("Seats found")
    FAILED = "failed", _("No seats found")
    CANCELLED = "cancelled", _("Cancelled")


SEARCHING = (SearchState.QUEUED, SearchState.RUNNING)


class Topic(models.TextChoices):
    """What a note is about; each has a colour and a sign, and its word is always there (proposed)."""

    CHALLENGE = "challenge", _("Challenge")
    SUCCESS = "success", _("Success")
    FAILURE = "failure", _("Failure")
    QUESTION = "question", pgettext_lazy("topic of a note", "Question")
    METHOD = "method", _("Method")
    CONDITION = "condition", _("Enabling condition")
    NEXT = "next", _("Next step")
    OTHER = "other", pgettext_lazy("topic of a note", "Other")


class NoteState(models.TextChoices):
    INBOX = "inbox", _("Waits for a harvester")
    PLACED = "placed", _("On the board")
    REMOVED = "removed", _("Removed")


class InsightState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged into another")


INSIGHT_MOVES = Table.of(
    ("confirm", [InsightState.DRAFT], InsightState.CONFIRMED),
    ("reopen", [InsightState.CONFIRMED], InsightState.DRAFT),
    ("withdraw", [InsightState.DRAFT, InsightState.CONFIRMED], InsightState.WITHDRAWN),
    ("restore", [InsightState.WITHDRAWN], InsightState.DRAFT),
    ("merge", [InsightState.DRAFT, InsightState.CONFIRMED], InsightState.MERGED),
)


class InsightOrigin(models.TextChoices):
    BY_HAND = "by_hand", _("By hand")
    SUGGESTED = "suggested", _("From a suggested cluster")
    SPLIT = "split", _("Split off another")
    PROPOSED = "proposed", _("Proposed by a harvester")


class Sureness(models.TextChoices):
    """How sure the statement is (proposed)."""

    OPEN = "open", _("An impression")
    LIKELY = "likely", _("Several cities say so")
    FIRM = "firm", _("Firm: nobody objects, examples are known")


class LinkKind(models.TextChoices):
    """What a link says, from where it begins to where it ends."""

    EVIDENCE = "evidence", _("Note under an insight")
    QUOTATION = "quotation", _("Note quoted in a report")
    CONTINUES = "continues", _("Insight said again in a later round")
    MERGED = "merged", _("Insight merged into another")
    SPLIT = "split", _("Insight split off another")
    RECOMMENDED = "recommended", _("Insight behind a recommendation")
    CANDIDATE = "candidate", _("Insight behind a practice to transfer")
    ACTION = "action", _("Insight behind an action")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


REPORT_MOVES = Table.of(
    ("publish", [ReportState.DRAFT], ReportState.PUBLISHED),
    ("revise", [ReportState.PUBLISHED], ReportState.DRAFT),
)
