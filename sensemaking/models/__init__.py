from .cluster import Cluster, ClusterMember, Round
from .room import Guest, Room, RoomPlan, RoomRule, RoomWish, Seat
from .session import AgendaItem, GuidingQuestion, Session, SessionCohort, SessionFormat

__all__ = [
    "AgendaItem",
    "Cluster",
    "ClusterMember",
    "Guest",
    "GuidingQuestion",
    "Room",
    "RoomPlan",
    "RoomRule",
    "RoomWish",
    "Round",
    "Seat",
    "Session",
    "SessionCohort",
    "SessionFormat",
]
