"""The Learning Roadmap: what will be learned, how and when; the one output that the host writes in too."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..states import ActivityKind, LearnerSide, LearningType, ObjectiveState
from .check import CHECK
from .spec import Column, Field, Kind, Part, Section, Table, Writer

MOST_DOMAINS = 3
FEWEST_OBJECTIVES, MOST_OBJECTIVES = 3, 6
OBJECTIVE_WORDS = 120  # in each of an objective's texts
ROADMAP = "learning_roadmap"

COLUMNS = (
    Column(
        "question",
        _("Question you want answered"),
        help=_("One question. Start with what, how, which or who."),
        words=OBJECTIVE_WORDS,
        is_required=True,
        example=_("Which steps lead from a first talk with an owner to a signed contract?"),
    ),
    Column("learning_type", _("Kind of learning"), "choice", choices=tuple(LearningType.choices)),
    Column(
        "why_it_matters",
        _("Why it matters locally"),
        help=_("Two to four sentences. Name a plan, a number or a decision if you can."),
        words=OBJECTIVE_WORDS,
    ),
    Column(
        "offer",
        _("What the host can show"),
        help=_("Written by the host: people, places, documents and experience that help to answer the question."),
        words=OBJECTIVE_WORDS,
        writer=Writer.HOST,
    ),
    Column(
        "activity",
        _("Activity that will answer it"),
        "choice",
        is_required=True,
        choices=tuple(ActivityKind.choices),
    ),
    Column(
        "activity_note",
        _("The activity in words"),
        help=_("What you will see, ask or do there."),
        words=OBJECTIVE_WORDS,
    ),
    Column("event", _("Event"), "event", help=_("The event of your calendar at which it happens, if there is one.")),
    Column(
        "learners",
        _("Who must learn this"),
        help=_("Departments or people. They get no message from us."),
        words=OBJECTIVE_WORDS,
    ),
    Column(
        "owner",
        pgettext_lazy("of an objective", "Owner"),
        "line",
        help=_("Who sees to it that the question is answered."),
        is_required=True,
    ),
    Column(
        "evidence",
        _("Evidence of learning"),
        help=_("How others can see that it was learned."),
        words=OBJECTIVE_WORDS,
        example=_("A written path of steps that we try with twenty owners."),
    ),
    Column("due_on", _("Answered by"), "date"),
    Column("state", _("State"), "choice", is_always_set=True, choices=tuple(ObjectiveState.choices)),
)


def _from_the_host(column: Column) -> Column:
    """The same column where the host is the one who learns: then the twin has something to show."""
    if column.slug == "offer":
        return replace(column, label=_("What the twin can show"), help="", writer=Writer.TWIN)
    return replace(column, writer=Writer.HOST)


OBJECTIVES = Table(
    "objectives",
    _("Learning objectives"),
    _("objective"),
    _("Add an objective"),
    COLUMNS,
    most=MOST_OBJECTIVES,
    fixed=(("side", LearnerSide.TWIN),),
    anchor="objective",
    summary=("learning_type",),
)
HOST_OBJECTIVES = replace(
    OBJECTIVES,
    slug="host_objectives",
    label=_("The host’s objectives"),
    columns=tuple(_from_the_host(column) for column in COLUMNS),
    writer=Writer.HOST,
    fixed=(("side", LearnerSide.HOST),),
)

LEARNING_ROADMAP = Kind(
    ROADMAP,
    _("Learning Roadmap"),
    _("Agree what will be learned, how and when."),
    3,
    (
        Section(
            "starting-point",
            _("Starting point"),
            _("Where your city stands today. Your host reads this first: write for somebody who has never visited."),
            (
                Field(
                    "baseline",
                    _("Where your city stands"),
                    _(
                        "Emissions, buildings, transport, energy: what is known, with a year and where the figure comes from."
                    ),
                    250,
                ),
                Field(
                    "plan",
                    _("Plans and decisions"),
                    _("Which plan was adopted, when, by whom, and what it binds the city to."),
                    150,
                ),
                Field(
                    "competences",
                    _("What the city can decide"),
                    _("What is in your hands, what needs a region, a ministry, a utility or owners."),
                    150,
                ),
            ),
        ),
        Section(
            "domains",
            _("Domains and levers"),
            _("Choose up to three domains in which you want to learn, and the levers of change that interest you."),
            (Field("domains_why", _("Why these"), _("One or two sentences are enough."), 100, is_required=False),),
            Part.TERMS,
        ),
        Section(
            "objectives",
            _("Learning objectives"),
            _(
                "Three to six questions that you want answered, each with somebody who owns it and an activity that answers it."
            ),
            part=Part.TWIN_OBJECTIVES,
            tables=(OBJECTIVES,),
        ),
        Section(
            "host-objectives",
            _("The host’s objectives"),
            _(
                "Learning is mutual: at least one question that the host wants answered by your city. The host writes here."
            ),
            part=Part.HOST_OBJECTIVES,
            tables=(HOST_OBJECTIVES,),
        ),
        Section(
            "working-together",
            _("How we work together"),
            _("What both sides agree on, so that nobody has to ask again."),
            (
                Field(
                    "language",
                    _("Language"),
                    _("In which language you speak and write; who interprets on visits."),
                    60,
                ),
                Field(
                    "frequency",
                    _("How often you talk"),
                    _("Regular calls, who invites, what happens between visits."),
                    60,
                ),
                Field(
                    "confidentiality",
                    _("Confidentiality"),
                    _("What may be passed on, to whom, and what stays between the two of you."),
                    100,
                ),
            ),
        ),
        Section(
            "risks",
            _("Risks"),
            _("What could stop the learning, and what you will do then."),
            (
                Field(
                    "risks",
                    _("Risks and answers"),
                    _("Elections, staff who leave, no travel permit, no time: name each risk and who acts on it."),
                    200,
                ),
            ),
        ),
        CHECK,
    ),
)
