from .board import Board, BoardEvent, Note, NoteGroup, NoteLink, Vote
from .cluster import Cluster, ClusterMember, Round
from .room import Guest, Room, RoomPlan, RoomRule, RoomWish, Seat
from .session import AgendaItem, GuidingQuestion, Session, SessionCohort, SessionFormat

__all__ = [
    "AgendaItem",
    "Board",
    "BoardEvent",
    "Cluster",
    "ClusterMember",
    "Guest",
    "GuidingQuestion",
    "Note",
    "NoteGroup",
    "NoteLink",
    "Room",
    "RoomPlan",
    "RoomRule",
    "RoomWish",
    "Round",
    "Seat",
    "Session",
    "SessionCohort",
    "SessionFormat",
    "Vote",
]
