"""The Stakeholder Engagement Plan: who around the city must be involved, and how."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..states import Readiness, StakeholderKind, StakeholderPart, WantedRole
from .check import CHECK
from .spec import Column, Field, Kind, Section, Table

HIGH = 3  # influence and interest from here on are high

REGISTER = Table(
    "stakeholders",
    _("Register of stakeholders"),
    _("stakeholder"),
    _("Add a stakeholder"),
    (
        Column(
            "name",
            _("Who it is"),
            "line",
            help=_("An organisation, department or group. Name no private persons."),
            is_required=True,
            example=_("Housing association of the old town"),
        ),
        Column("kind", _("Kind"), "choice", is_required=True, choices=tuple(StakeholderKind.choices)),
        Column("part", _("Part in the transfer"), "choice", choices=tuple(StakeholderPart.choices)),
        Column("system", _("System it belongs to"), "line", help=_("For example housing, heat, mobility, finance.")),
        Column(
            "influence",
            _("Influence"),
            "scale",
            help=_("On the transfer: 0 none, 4 nothing happens without it."),
            is_required=True,
        ),
        Column("interest", _("Interest"), "scale", help=_("0 none, 4 asks for it by itself."), is_required=True),
        Column("relation", _("Relation today"), help=_("Who knows whom, and how well it works."), words=60),
        Column("wanted_role", _("Role you want it to have"), "choice", choices=tuple(WantedRole.choices)),
        Column("barrier", _("Barrier"), help=_("What keeps it from this role today."), words=60),
        Column(
            "action",
            _("What you will do"),
            help=_("One step that brings it closer."),
            words=80,
            example=_("Round table on cost and risk, with the figures of the host."),
        ),
        Column("owner", pgettext_lazy("of a stakeholder", "Owner"), "line", help=_("Who of you does it.")),
        Column("due_on", _("Until"), "date"),
        Column("result", _("Result"), help=_("What came of it. Fill this in later."), words=80),
    ),
    fewest=1,
    most=60,
    is_paged=True,
    summary=("kind", "influence", "interest", "owner"),
)

READINESS = Table(
    "readiness",
    _("How ready you are"),
    _("rating"),
    columns=(
        Column("at_start", _("At the start"), "scale"),
        Column("at_middle", _("In the middle"), "scale"),
        Column("at_end", _("At the end"), "scale"),
        Column("reason", _("Why this rating"), words=60),
    ),
    keys=tuple(Readiness.choices),
    help=_(
        "0 not at all, 4 fully. Rate again in the middle and at the end, and leave the earlier ratings as they are."
    ),
)

STAKEHOLDER_PLAN = Kind(
    "stakeholder_plan",
    _("Stakeholder Engagement Plan"),
    _("Activate the people and organisations around the city, so that learning does not stay with two persons."),
    6,
    (
        Section(
            "register",
            _("Who matters"),
            _("The organisations and groups that decide about the transfer, can help it or are affected by it."),
            tables=(REGISTER,),
        ),
        Section(
            "engagement",
            _("How you reach them"),
            _("How people hear from you, how they can answer, and who is easily forgotten."),
            (
                Field(
                    "under_represented",
                    _("Groups that are seldom heard"),
                    _("Who they are and how you reach them."),
                    150,
                    example=_("Tenants who move often: through the district offices and two evening walks."),
                ),
                Field("channels", _("Channels"), _("How people hear from you and how they can answer."), 120),
            ),
        ),
        Section(
            "readiness",
            _("How ready you are"),
            _("An honest look at your own house. It is not graded."),
            tables=(READINESS,),
        ),
        Section(
            "decisions",
            _("The way to a decision"),
            _("Who decides in the end and who stands up for it."),
            (
                Field(
                    "decision_path",
                    _("Path to the council"),
                    _("Steps, bodies and dates until a decision."),
                    150,
                    example=_("Climate committee in March, finance committee in April, council in May."),
                ),
                Field("champion", _("Champion"), _("Who speaks for the transfer in politics or administration."), 80),
            ),
        ),
        CHECK,
    ),
)
