"""The Internal Info Session: the record of an event, not a document."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..states import FollowUpKind, GroupKind, SessionForm
from .check import CHECK
from .spec import Column, Kind, Section, Table

FEWEST_MESSAGES, MOST_MESSAGES = 3, 5
RECORD = (("session", _("The session")),)

SESSION = Table(
    "session",
    _("The session"),
    _("session"),
    columns=(
        Column("held_on", _("Day"), "date", is_required=True),
        Column("form", _("How people met"), "choice", choices=tuple(SessionForm.choices)),
        Column("place", _("Place"), "line", is_required=True),
        Column("organiser", _("Organiser"), "line", is_required=True),
        Column("agenda", _("Agenda"), words=150),
    ),
    keys=RECORD,
)
GROUPS = Table(
    "groups",
    _("Who was there"),
    _("group"),
    _("Add a group"),
    (
        Column("name", _("Department or organisation"), "line", is_required=True),
        Column("kind", _("Kind"), "choice", is_required=True, choices=tuple(GroupKind.choices)),
        Column("people", _("People"), "whole", is_required=True),
    ),
    fewest=1,
    most=40,
    help=_("Numbers by group, no names of persons."),
    summary=("kind", "people"),
)
MESSAGES = Table(
    "messages",
    _("Key messages"),
    _("message"),
    _("Add a message"),
    (Column("text", _("Message"), words=40, is_required=True, help=_("One sentence that should be remembered.")),),
    fewest=FEWEST_MESSAGES,
    most=MOST_MESSAGES,
)
QUESTIONS = Table(
    "questions",
    _("Questions raised"),
    _("question"),
    _("Add a question"),
    (
        Column("question", _("Question"), words=60, is_required=True),
        Column("asked_by", _("From which group"), "line"),
        Column("answer", _("Answer"), words=80),
    ),
    summary=("asked_by",),
)
FOLLOW_UPS = Table(
    "follow_ups",
    _("Decisions and follow-ups"),
    _("follow-up"),
    _("Add a decision or follow-up"),
    (
        Column("text", _("What"), words=60, is_required=True),
        Column("kind", _("Kind"), "choice", is_always_set=True, choices=tuple(FollowUpKind.choices)),
        Column("owner", pgettext_lazy("of a follow-up", "Who"), "line"),
        Column("due_on", _("Until"), "date"),
    ),
    summary=("kind", "owner", "due_on"),
)
MATERIALS = Table(
    "materials",
    _("Material"),
    _("piece of material"),
    _("Add material"),
    (
        Column("title", _("What it is"), "line", is_required=True, example=_("Slides and recording")),
        Column("link", _("Address"), "link", help=_("Where colleagues open it. Leave it empty for paper.")),
        Column("kept_at", _("Where it is kept"), "line", is_required=True),
        Column("keeper", _("Who answers for it"), "line", is_required=True),
    ),
    fewest=1,
    summary=("kept_at",),
)
FEEDBACK = Table(
    "feedback",
    _("Feedback"),
    _("feedback"),
    columns=(
        Column("score", _("Average score"), "number", least=1, most=5, help=_("1 to 5, one decimal is enough.")),
        Column("answers", _("Number of answers"), "whole"),
        Column("feedback", _("What people said"), words=80),
    ),
    keys=RECORD,
)

INFO_SESSION = Kind(
    "info_session",
    _("Internal Info Session"),
    _("Spread what was learned in the administration and among local partners."),
    17,
    (
        Section(
            "session",
            _("The session"),
            _("The record of a meeting in your city."),
            tables=(SESSION, GROUPS),
        ),
        Section(
            "messages",
            _("What was said"),
            _("Three to five messages that should be remembered, and what people asked."),
            tables=(MESSAGES, QUESTIONS),
        ),
        Section(
            "follow-up",
            _("What follows"),
            _("Decisions and follow-ups, and where colleagues find the material."),
            tables=(FOLLOW_UPS, MATERIALS, FEEDBACK),
        ),
        CHECK,
    ),
)
