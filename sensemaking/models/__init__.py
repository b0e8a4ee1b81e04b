from .board import Board, BoardEvent, Note, NoteGroup, NoteLink, Vote
from .cluster import Cluster, ClusterMember, Round
from .insight import Insight, LineageLink
from .report import Recommendation, ReportFile, SessionReport
from .room import Guest, Room, RoomPlan, RoomRule, RoomSearch, RoomWish, Seat
from .session import AgendaItem, AgendaRun, GuidingQuestion, Session, SessionCohort, SessionFormat

__all__ = [
    "AgendaItem",
    "AgendaRun",
    "Board",
    "BoardEvent",
    "Cluster",
    "ClusterMember",
    "Guest",
    "GuidingQuestion",
    "Insight",
    "LineageLink",
    "Note",
    "NoteGroup",
    "NoteLink",
    "Recommendation",
    "ReportFile",
    "Room",
    "RoomPlan",
    "RoomRule",
    "RoomSearch",
    "RoomWish",
    "Round",
    "Seat",
    "Session",
    "SessionCohort",
    "SessionFormat",
    "SessionReport",
    "Vote",
]
