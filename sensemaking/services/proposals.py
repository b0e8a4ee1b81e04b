"""Insights that harvesters propose from what their rooms said, by their own link. The team confirms each, or sends it back.

A proposal is a draft like others on the workbench, with the person who proposed it. Sent back, it is withdrawn until it is proposed again.
Lines of the journal about it name the session and not its words: those are the person's own until the team makes them its.
"""

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Guest, Insight, Note
from ..selectors.proposals import notes_to_propose_from, open_proposals
from ..states import GuestRole, InsightOrigin, InsightState, LinkKind, SessionState
from .insights import add_evidence, make_insight, write_insight

MOST_PROPOSALS = 40


@transaction.atomic
def propose_insight(
    guest: Guest, notes: Sequence[Note], *, now: datetime.datetime, themes: Iterable = (), **fields: str
) -> Insight:
    """A new proposal. Refused to all but harvesters, and with notes of other rooms."""
    guest = _may_propose(guest, notes)
    if guest.proposals.count() >= MOST_PROPOSALS:
        raise Refused(_("You have proposed %(most)d insights. Change one of them.") % {"most": MOST_PROPOSALS})
    return make_insight(
        guest.session,
        notes,
        by=None,
        proposed_by=guest,
        origin=InsightOrigin.PROPOSED,
        themes=themes,
        now=now,
        **fields,
    )


@transaction.atomic
def propose_again(
    insight: Insight,
    guest: Guest,
    notes: Sequence[Note],
    *,
    now: datetime.datetime,
    themes: Iterable = (),
    **fields: str,
) -> Insight:
    """Change a proposal that waits or was sent back; it waits for the team from now on. Notes that the team put under it stay."""
    guest = _may_propose(guest, notes)
    found = (
        open_proposals(guest).select_for_update(of=("self",)).select_related("session").filter(pk=insight.pk).first()
    )
    if found is None:
        raise Refused(_("The team has decided on this insight: it cannot be changed here any more."))
    found.state, found.withdrawn_at, found.withdrawn_reason = InsightState.DRAFT, None, ""
    write_insight(found, fields)
    found.themes.set(themes)
    own = notes_to_propose_from(guest).values("pk")
    found.origins.filter(kind=LinkKind.EVIDENCE, note__in=own).exclude(note__in=[note.pk for note in notes]).delete()
    add_evidence(found, notes, by=None, now=now)
    record(found.session, "sensemaking.insight.proposed_again", by=None, at=now)
    return found


def _may_propose(guest: Guest, notes: Sequence[Note]) -> Guest:
    """The guest's row, locked: two presses at once come one after the other."""
    guest = Guest.objects.select_for_update(of=("self",)).select_related("session").get(pk=guest.pk)
    if guest.role != GuestRole.HARVESTER:
        raise Refused(_("Harvesters propose insights."))
    if guest.consent_withdrawn_at:
        raise Refused(_("You withdrew your consent: you read the board and write nothing."))
    if guest.session.state == SessionState.CANCELLED:
        raise Refused(_("This session is cancelled."))
    if not notes:
        raise Refused(_("Choose at least one note: an insight stands on what somebody said."))
    if {note.pk for note in notes} - set(notes_to_propose_from(guest).values_list("pk", flat=True)):
        raise Refused(_("Choose notes of your own rooms."))
    return guest


def withdraw_proposals(guest: Guest, *, now: datetime.datetime) -> None:
    """Consent was withdrawn: the words of proposals go. What the team confirmed is the team's, and is read again before it is used further."""
    for insight in guest.proposals.select_for_update(of=("self",)).order_by("pk"):
        insight.proposed_by = None
        if insight.state == InsightState.CONFIRMED:
            insight.to_reread_since = now
        else:
            insight.statement, insight.explanation = _("Withdrawn by its author"), ""
            insight.withdrawn_at, insight.withdrawn_reason = insight.withdrawn_at or now, ""
            insight.state = InsightState.WITHDRAWN if insight.state != InsightState.MERGED else insight.state
        insight.save()
