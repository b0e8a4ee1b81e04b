"""Reads of what a harvester proposes by their own link: the notes that they may use, and what became of their proposals."""

from django.db.models import Prefetch, Q, QuerySet

from ..models import Guest, Insight, LineageLink, Note
from ..states import InsightState, LinkKind, SeatState
from .insights import notes_of

OPEN = (InsightState.DRAFT, InsightState.WITHDRAWN)  # waiting for the team, and sent back by it


def notes_to_propose_from(guest: Guest) -> QuerySet[Note]:
    """Notes of the rooms in which a harvester sits, and those on the surface for all. Whoever has no seat goes from room to room."""
    notes = notes_of(guest.session)
    rooms = guest.seats.filter(state=SeatState.TAKEN).values("room")
    return notes.filter(Q(room__in=rooms) | Q(room=None)) if rooms.exists() else notes


def proposals_of(guest: Guest) -> list[Insight]:
    """What somebody proposed, the newest first, each with its themes and the codes of the notes under it. Three queries."""
    evidence = LineageLink.objects.filter(kind=LinkKind.EVIDENCE).select_related("note").order_by("pk")
    return list(
        guest.proposals.prefetch_related("themes", Prefetch("origins", evidence, to_attr="evidence")).order_by("-pk")
    )


def open_proposals(guest: Guest) -> QuerySet[Insight]:
    """Those that their author may still change."""
    return guest.proposals.filter(state__in=OPEN)
