from .document import Document
from .objective import LearningObjective
from .output import Answer, Output, OutputTerm
from .reminder import Reminder
from .review import Comment, Decision
from .version import OutputVersion

__all__ = [
    "Answer",
    "Comment",
    "Decision",
    "Document",
    "LearningObjective",
    "Output",
    "OutputTerm",
    "OutputVersion",
    "Reminder",
]
