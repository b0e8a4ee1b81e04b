"""States of the shared world, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.transitions import Table


class HostKind(models.TextChoices):
    PILOT_ACTIVITY = "pilot_activity", _("Pilot Activity")
    MISSION_CITY = "mission_city", _("Mission City")


class ParticipationState(models.TextChoices):
    SELECTED = "selected", _("Selected")
    CONFIRMED = "confirmed", _("Confirmed")
    ACTIVE = "active", _("Taking part")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECLINED = "declined", _("Declined")


# Those who are, or are about to be, part of the cohort: they can be matched and owe outputs.
PARTICIPATING = (ParticipationState.SELECTED, ParticipationState.CONFIRMED, ParticipationState.ACTIVE)

PARTICIPATION_MOVES = Table.of(
    ("confirm", [ParticipationState.SELECTED], ParticipationState.CONFIRMED),
    ("decline", [ParticipationState.SELECTED], ParticipationState.DECLINED),
    ("activate", [ParticipationState.SELECTED, ParticipationState.CONFIRMED], ParticipationState.ACTIVE),
    ("complete", [ParticipationState.ACTIVE], ParticipationState.COMPLETED),
    ("withdraw", PARTICIPATING, ParticipationState.WITHDRAWN),
    ("return", [ParticipationState.WITHDRAWN, ParticipationState.DECLINED], ParticipationState.SELECTED),
)
NEEDS_REASON = (ParticipationState.WITHDRAWN, ParticipationState.DECLINED)


class PairingState(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed, not announced")
    ANNOUNCED = "announced", _("Announced")
    ENDED = "ended", _("Ended")


OPEN_PAIRING = (PairingState.CONFIRMED, PairingState.ANNOUNCED)

PAIRING_MOVES = Table.of(
    ("announce", [PairingState.CONFIRMED], PairingState.ANNOUNCED),
    ("end", OPEN_PAIRING, PairingState.ENDED),
)


class Side(models.TextChoices):
    """Of a pairing: who learns, and who is learned from."""

    TWIN = "twin", _("Twin")
    HOST = "host", _("Host")


class AnswerKind(models.TextChoices):
    """What a side says to an announced pairing."""

    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class Confidence(models.TextChoices):
    """How sure we are that a recorded pairing is true. Pairings decided here are a fact."""

    DECIDED = "decided", _("Decided in this programme")
    PUBLISHED = "published", _("Published")
    HOST_STATEMENT = "host-statement", _("Stated by the host")
    DELIVERABLE_MENTION = "deliverable-mention", _("Mentioned in a deliverable")
    INFERRED_ACTIVITY = "inferred-activity", _("Inferred from the activity")
    INFERRED_COHORT = "inferred-cohort", _("Inferred from the cohort")


class EventKind(models.TextChoices):
    KICK_OFF = "kick_off", _("Kick-off")
    SEMINAR = "seminar", _("Info seminar")
    WORKSHOP = "workshop", _("Workshop")
    SITE_VISIT = "site_visit", _("Site visit")
    THEMATIC_SESSION = "thematic_session", _("Thematic session")
    CLOSING = "closing", _("Closing event")


class EventScope(models.TextChoices):
    COHORT = "cohort", _("Whole cohort")
    PAIRING = "pairing", _("Each pairing")


class EventState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


EVENT_MOVES = Table.of(
    ("hold", [EventState.PLANNED], EventState.HELD),
    ("cancel", [EventState.PLANNED], EventState.CANCELLED),
    ("plan_again", [EventState.CANCELLED, EventState.HELD], EventState.PLANNED),
)


class VisitDirection(models.TextChoices):
    """Who travels. Visits come in any order, so the direction is decided visit by visit."""

    OPEN = "", _("Not decided")
    TWIN_TRAVELS = "twin_travels", _("The twin travels to the host")
    HOST_TRAVELS = "host_travels", _("The host travels to the twin")


class MemberRole(models.TextChoices):
    LEAD_OFFICER = "lead_officer", _("Lead officer")
    OFFICER = "officer", _("Officer")


class CityKind(models.TextChoices):
    CITY = "city", _("City")
    MUNICIPALITY = "municipality", _("Municipality")
    METROPOLIS = "metropolis", _("Metropolis")
    DISTRICT = "district", _("District")
    REGION = "region", _("Region")
    GROUPING = "grouping", _("Grouping of municipalities")
    OTHER = "other", _("Other public authority")


class StatementKind(models.TextChoices):
    OFFER = "offer", _("Offers")
    CHALLENGE = "challenge", _("Challenges")
    EXPECTATION = "expectation", _("Expectations")
    MOTIVATION = "motivation", _("Motivation")


class FactConfidence(models.TextChoices):
    """How sure we are of a fact. Only what was stated counts in full."""

    STATED = "stated", _("Stated by the city or its source")
    INFERRED = "inferred", _("Inferred by a reader")
    EXAMPLE = "example", _("Example")
