"""The action plan: what the city will do after the programme. Its name differs by edition."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..states import Degree, FundingKind, FundingState, PoliticalStatus, StepState
from .check import CHECK
from .spec import Column, Field, Kind, Section, Table

FIRST_STEP_MONTHS = 6

ACTIONS = Table(
    "actions",
    _("Actions"),
    _("action"),
    _("Add an action"),
    (
        Column("name", _("Name"), "line", is_required=True, example=_("Advice office for owners in the old town")),
        Column("description", _("What happens"), words=150, is_required=True),
        Column(
            "candidate",
            _("Where it comes from"),
            "row",
            help=_("The practice of your assessment."),
            refers="candidates",
        ),
        Column("origin", _("Own idea"), help=_("If it comes from no practice of the host: where from."), words=60),
        Column("domain", _("Domain"), "term", refers="domains"),
        Column("lever", _("Lever of change"), "term", refers="levers"),
        Column(
            "owner",
            pgettext_lazy("of an action", "Owner"),
            "line",
            help=_("The post that answers for it."),
            is_required=True,
        ),
        Column("responsible", _("Responsible body"), "line", is_required=True),
        Column("partners", _("Partners"), words=60),
        Column("place", _("Place and scale"), "line"),
        Column("addressed", _("Who is addressed"), words=60),
        Column("early_change", _("What changes in one to two years"), words=80),
        Column("late_outcome", _("What has changed after three to four years"), words=80),
        Column("effect", _("Expected effect"), help=_("Also what else gets better."), words=80),
        Column(
            "emissions",
            _("Emissions saved"),
            "number",
            least=-1_000_000_000,
            help=_("Leave it empty where nobody knows."),
            unit=_("t CO₂e a year"),
        ),
        Column("permits", _("Permits and legal steps"), words=80),
        Column("status", _("Political status"), "choice", is_always_set=True, choices=tuple(PoliticalStatus.choices)),
        Column("endorsed_on", _("Endorsed on"), "date"),
        Column("endorsed_by", _("Endorsed by"), "line", help=_("Which council or office decided.")),
    ),
    fewest=1,
    most=40,
    is_paged=True,
    summary=("owner", "status"),
)
STEPS = Table(
    "steps",
    _("Steps"),
    _("step"),
    _("Add a step"),
    (
        Column("title", _("Step"), "line", is_required=True),
        Column("starts_on", _("Begins"), "date"),
        Column("ends_on", _("Ends"), "date"),
        Column("owner", pgettext_lazy("of a step", "Who"), "line"),
        Column("state", _("State"), "choice", is_always_set=True, choices=tuple(StepState.choices)),
    ),
    parent="actions",
    most=20,
    summary=("starts_on", "ends_on", "state"),
)
COSTS = Table(
    "costs",
    _("Costs"),
    _("cost"),
    _("Add a cost"),
    (
        Column("item", _("What for"), "line", is_required=True),
        Column("year", _("Year"), "whole", least=1990, most=2100),
        Column("amount", _("Amount"), "money", is_required=True, unit="EUR"),
    ),
    parent="actions",
    most=20,
    summary=("year", "amount"),
)
FUNDING = Table(
    "funding",
    _("Money"),
    _("source of money"),
    _("Add a source of money"),
    (
        Column("source", _("Source"), "line", is_required=True),
        Column("kind", _("Kind of money"), "choice", choices=tuple(FundingKind.choices)),
        Column("amount", _("Amount"), "money", is_required=True, unit="EUR"),
        Column("state", _("State of the money"), "choice", is_always_set=True, choices=tuple(FundingState.choices)),
    ),
    parent="actions",
    most=20,
    summary=("amount", "state"),
)
INDICATORS = Table(
    "indicators",
    _("Indicators"),
    _("indicator"),
    _("Add an indicator"),
    (
        Column("name", _("Indicator"), "line", is_required=True),
        Column("unit", _("Unit"), "line"),
        Column("definition", _("Definition"), words=60),
        Column("source", _("Source of the figures"), "line"),
        Column("baseline", _("Baseline"), "number", least=-1_000_000_000),
        Column("baseline_year", _("Year of the baseline"), "whole", least=1990, most=2100),
        Column("target", _("Target"), "number", least=-1_000_000_000),
        Column("due_on", _("Target date"), "date"),
    ),
    parent="actions",
    most=10,
    summary=("baseline", "target"),
)
DEPENDENCIES = Table(
    "dependencies",
    _("What must happen first"),
    _("dependency"),
    _("Add a dependency"),
    (
        Column("waits_for", _("Waits for this action"), "row", refers="actions"),
        Column("note", _("Or for something else"), "line"),
    ),
    parent="actions",
    most=10,
)
RISKS = Table(
    "risks",
    _("Risks"),
    _("risk"),
    _("Add a risk"),
    (
        Column("risk", _("What could happen"), "line", is_required=True),
        Column("likelihood", _("How likely"), "choice", choices=tuple(Degree.choices)),
        Column("impact", _("How bad"), "choice", choices=tuple(Degree.choices)),
        Column("answer", _("What you do then"), words=60),
        Column("owner", pgettext_lazy("of a risk", "Who"), "line"),
    ),
    parent="actions",
    most=10,
    summary=("likelihood", "impact"),
)

ACTION_PLAN = Kind(
    "action_plan",
    _("Twin City Action Plan"),
    _("Turn the learning into local action after the programme."),
    16,
    (
        Section(
            "vision",
            _("Vision and barriers"),
            _("What shall be different in the city, and what stands in the way."),
            (
                Field("vision", _("Vision"), _("What has changed two and four years from now."), 200),
                Field("barriers", _("Barriers"), _("What stands in the way today."), 200),
            ),
        ),
        Section(
            "actions",
            _("Actions"),
            _("Each action with a first step within six months, an owner and the state of its money."),
            tables=(ACTIONS, STEPS, COSTS, FUNDING, INDICATORS, DEPENDENCIES, RISKS),
        ),
        Section(
            "carrying-on",
            _("Carrying on"),
            _("Who decides, who watches over it, and how the link to the host lives on."),
            (
                Field("governance", _("Governance"), _("Who steers, who reports to whom."), 150),
                Field(
                    "endorsement",
                    _("Political status"),
                    _("Decision of the council or executive with its date, or why there is none yet."),
                    100,
                ),
                Field("monitoring", _("Monitoring and learning"), _("How you will know whether it works."), 150),
                Field("link_with_host", _("Link with the host"), _("Contact and next meeting."), 80),
            ),
        ),
        CHECK,
    ),
)
