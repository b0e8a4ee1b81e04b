"""Coming to a board: by the team's own door, or by the link of a session without an account."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import City
from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Board, Guest, Session
from ..states import UPCOMING, GuestRole, GuestState
from .boards import open_board
from .guests import add_guest
from .sessions import lock_session


@transaction.atomic
def guest_of(session: Session, user, *, runs: bool, now: datetime.datetime) -> Guest:
    """The place of somebody with an account. The team leads the board without a seat in a room; everybody else looks on."""
    lock_session(session)
    found = Guest.objects.filter(session=session, user=user).order_by("pk").first()
    if found:
        return found
    role = GuestRole.TEAM if runs else GuestRole.OBSERVER
    return add_guest(session, name=str(user), user=user, role=role, organisation="", by=user, now=now)


@transaction.atomic
def join_session(board: Board, *, name: str, city: City | None, consents: bool, now: datetime.datetime) -> Guest:
    """Somebody with the session's link takes part as a guest. They are here from now on.

    Refused while joining is closed, when the session is over, and without consent where the coordinator asks for it.
    """
    session = lock_session(board.session)
    if not board.is_join_open or session.state not in UPCOMING:
        raise Refused(_("Nobody can join by this link at the moment. Ask the team."))
    if board.consent_text and not consents:
        raise Refused(_("Please read what you agree to, and tick the box."))
    guest = add_guest(session, name=name, city=city, state=GuestState.HERE, by=None, now=now)
    Guest.objects.filter(pk=guest.pk).update(consented_at=now if board.consent_text else None)
    guest.refresh_from_db()
    return guest


@transaction.atomic
def set_joining(session: Session, *, is_open: bool, consent_text: str, by, now: datetime.datetime) -> Board:
    """Open or close the link by which people join, and what they agree to."""
    board = open_board(session)
    board = Board.objects.select_for_update(of=("self",)).get(pk=board.pk)
    board.is_join_open, board.consent_text = is_open, consent_text
    board.save(update_fields=["is_join_open", "consent_text", "updated_at"])
    verb = "sensemaking.joining.opened" if is_open else "sensemaking.joining.closed"
    record(session, verb, by=by, at=now)
    return board
