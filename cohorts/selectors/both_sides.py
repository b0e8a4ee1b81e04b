"""What both sides of a pairing have said, and for which side somebody may speak."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..models import HostContact, Membership, Pairing, PairingAnswer, host_label
from ..states import PairingState, Side


@dataclass(frozen=True, slots=True)
class SideAnswer:
    side: str
    name: str
    answer: PairingAnswer | None
    is_overdue: bool


def sides_of(pairing: Pairing, user) -> list[str]:
    """The sides for which the person speaks now: officers for the twin, contacts for the host. Two queries."""
    sides = []
    if Membership.objects.current().filter(participation=pairing.participation_id, user=user).exists():
        sides.append(Side.TWIN)
    if HostContact.objects.current().filter(hosting=pairing.hosting_id, user=user).exists():
        sides.append(Side.HOST)
    return sides


def is_asked(pairing: Pairing) -> bool:
    """Whether both sides are asked to accept the pairing. No query."""
    return pairing.state == PairingState.ANNOUNCED and pairing.answer_by is not None


def answers_of(pairing: Pairing, *, today: date) -> list[SideAnswer]:
    """Twin, then host, each with its answer. Empty, and no query, where nobody was ever asked."""
    if pairing.answer_by is None:
        return []
    given = {row.side: row for row in pairing.answers.select_related("by").order_by("pk")}
    names = {Side.TWIN: str(pairing.participation.city), Side.HOST: host_label(pairing.hosting.host)}
    return [
        SideAnswer(side, name, given.get(side), side not in given and is_asked(pairing) and pairing.answer_by < today)
        for side, name in names.items()
    ]


def pairings_to_answer(pairings: Iterable[Pairing], side: str) -> list[Pairing]:
    """Those of the given pairings for which this side has not answered, the first due first. At most one query."""
    asked = [pairing for pairing in pairings if is_asked(pairing)]
    if not asked:
        return []
    given = PairingAnswer.objects.filter(pairing__in=[pairing.pk for pairing in asked], side=side)
    answered = set(given.values_list("pairing_id", flat=True))
    return sorted((row for row in asked if row.pk not in answered), key=lambda row: (row.answer_by, row.pk))
