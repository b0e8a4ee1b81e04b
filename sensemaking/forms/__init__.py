from .guest import GuestForm, NewRoomsForm, RoomForm
from .session import SessionForm

__all__ = ["GuestForm", "NewRoomsForm", "RoomForm", "SessionForm"]
