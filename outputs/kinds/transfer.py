"""The Transferability Assessment: what of the host's practice fits, what must be adapted, what not."""

from django.utils.translation import gettext_lazy as _

from ..states import ConditionKind, ConditionState, Degree, TransferVerdict
from .check import CHECK
from .spec import Column, Field, Kind, Section, Table

FEWEST_CANDIDATES, MOST_CANDIDATES = 2, 5

CONTEXT = Table(
    "context",
    _("Two cities compared"),
    _("difference"),
    columns=(
        Column("here", _("Your city"), "fact"),
        Column("there", _("The host"), "fact"),
        Column("verdict", _("Alike?"), "fact"),
        Column("sources", _("Where this comes from"), "fact"),
        Column("meaning", _("What it means for a transfer"), words=60),
    ),
    is_facts=True,
    help=_("Filled in from what is known about both cities. What is not known counts as unknown, never as alike."),
)

CANDIDATES = Table(
    "candidates",
    _("Practices"),
    _("practice"),
    _("Add a practice"),
    (
        Column(
            "name",
            _("Practice"),
            "line",
            is_required=True,
            example=_("One advice office for owners, from first talk to contract"),
        ),
        Column(
            "components", _("Its parts"), help=_("What belongs to it and what does not."), words=120, is_required=True
        ),
        Column(
            "objective",
            _("Question of your roadmap that it answers"),
            "row",
            refers="objectives",
        ),
        Column("idea", _("Idea from a visit"), "row", refers="ideas"),
        Column("need", _("Need that it answers at home"), words=80, is_required=True),
        Column(
            "host_result",
            _("What it achieved at the host"),
            help=_("A figure with its year, if there is one."),
            words=80,
        ),
        Column(
            "evidence",
            _("Evidence"),
            help=_("A document, figure or person that shows it. Impressions do not count."),
            words=80,
            is_required=True,
        ),
        Column("adaptation", _("What must be adapted"), words=100),
        Column("effort", _("Effort"), "choice", choices=tuple(Degree.choices)),
        Column("cost_from", _("Cost, at least"), "money", unit="EUR"),
        Column("cost_to", _("Cost, at most"), "money", unit="EUR"),
        Column("months", _("Time until it works"), "whole", most=600, unit=_("months")),
        Column("effect", _("Expected effect"), help=_("Emissions and what else gets better."), words=80),
        Column("risk", _("Risk"), words=60),
        Column(
            "verdict",
            _("Verdict"),
            "choice",
            help=_("Rejecting a practice with a good reason is worth as much as adopting one."),
            is_required=True,
            choices=tuple(TransferVerdict.choices),
        ),
        Column("verdict_reason", _("Reason of the verdict"), words=100, is_required=True),
        Column("confidence", _("How sure you are"), "choice", choices=tuple(Degree.choices)),
    ),
    fewest=FEWEST_CANDIDATES,
    most=MOST_CANDIDATES,
    is_paged=True,
    summary=("verdict", "effort"),
    help=_("Order them by importance: the first counts most."),
)

CONDITIONS = Table(
    "conditions",
    _("Conditions"),
    _("condition"),
    columns=(
        Column("at_host", _("At the host"), help=_("What the practice depends on there."), words=60),
        Column(
            "at_home",
            _("In your city"),
            "choice",
            help=_("Unknown is an answer too."),
            choices=tuple(ConditionState.choices),
        ),
        Column("proof", _("How you know"), words=60),
        Column("barrier", _("Barrier"), words=60),
        Column("plan", _("How you close the gap, or why you stop here"), words=80),
    ),
    parent="candidates",
    keys=tuple(ConditionKind.choices),
    summary=("at_home",),
)

TRANSFERABILITY_ASSESSMENT = Kind(
    "transferability_assessment",
    _("Transferability Assessment"),
    _("Decide what of the host’s practice fits, what must be adapted and what not."),
    12,
    (
        Section(
            "context",
            _("Two cities compared"),
            _("Where your city and the host differ. A practice that depends on such a difference needs a second look."),
            tables=(CONTEXT,),
        ),
        Section(
            "candidates",
            _("What could be transferred"),
            _("Two to five practices of the host, from what you saw on the visits."),
            tables=(CANDIDATES, CONDITIONS),
        ),
        Section(
            "verdict",
            _("What you learned from it"),
            _("The practices side by side, and what does not travel."),
            (
                Field(
                    "not_transferable",
                    _("What cannot be transferred"),
                    _("At least one thing, and why: this is worth as much as the rest."),
                    150,
                ),
                Field(
                    "ranking",
                    _("What comes first"),
                    _("Why the practices stand in this order."),
                    100,
                    is_required=False,
                ),
            ),
            picture_of="candidates",
        ),
        CHECK,
    ),
)
