from .checklist import Checklist, ChecklistAnswer
from .document import Document
from .fact import FactCheck
from .hint import HintAnswer
from .idea import VisitIdea
from .library import LibraryEntry, RowOrigin
from .objective import LearningObjective
from .output import Answer, Output, OutputTerm
from .peer import PeerInvitation
from .plan import (
    ActionCost,
    ActionDependency,
    ActionFunding,
    ActionIndicator,
    ActionRisk,
    ActionStep,
    PlanAction,
)
from .publication import Publication
from .reminder import Reminder
from .review import Comment, Decision
from .row import KeyedRow, PlacedRow
from .session import FollowUp, InfoSession, SessionGroup, SessionMaterial, SessionMessage, SessionQuestion
from .stakeholder import ReadinessRating, Stakeholder
from .transfer import CandidateCondition, ContextNote, TransferCandidate
from .version import OutputVersion

__all__ = [
    "ROW_MODELS",
    "ActionCost",
    "ActionDependency",
    "ActionFunding",
    "ActionIndicator",
    "ActionRisk",
    "ActionStep",
    "Answer",
    "CandidateCondition",
    "Checklist",
    "ChecklistAnswer",
    "Comment",
    "ContextNote",
    "Decision",
    "Document",
    "FactCheck",
    "FollowUp",
    "HintAnswer",
    "InfoSession",
    "KeyedRow",
    "LearningObjective",
    "LibraryEntry",
    "Output",
    "OutputTerm",
    "OutputVersion",
    "PeerInvitation",
    "PlacedRow",
    "PlanAction",
    "Publication",
    "ReadinessRating",
    "Reminder",
    "RowOrigin",
    "SessionGroup",
    "SessionMaterial",
    "SessionMessage",
    "SessionQuestion",
    "Stakeholder",
    "TransferCandidate",
    "VisitIdea",
]

# The model that holds the rows of each table of `outputs.kinds`. Some tables share one and differ by `Table.fixed` or columns.
ROW_MODELS = {
    "objectives": LearningObjective,
    "host_objectives": LearningObjective,
    "stakeholders": Stakeholder,
    "readiness": ReadinessRating,
    "context": ContextNote,
    "candidates": TransferCandidate,
    "conditions": CandidateCondition,
    "actions": PlanAction,
    "steps": ActionStep,
    "costs": ActionCost,
    "funding": ActionFunding,
    "indicators": ActionIndicator,
    "dependencies": ActionDependency,
    "risks": ActionRisk,
    "session": InfoSession,
    "feedback": InfoSession,
    "groups": SessionGroup,
    "messages": SessionMessage,
    "questions": SessionQuestion,
    "follow_ups": FollowUp,
    "materials": SessionMaterial,
}
