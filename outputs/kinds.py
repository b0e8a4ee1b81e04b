"""The five kinds of output as data: sections, fields, limits. Proposed by this project, not the programme's own forms.

A section holds prose fields and at most one `part`: something that is more than prose (terms, rows, the final check).
Slugs are stored with every answer and frozen version: rename labels freely, slugs never.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Part(StrEnum):
    """What a section shows besides prose."""

    NONE = ""
    TERMS = "terms"  # domains and levers
    TWIN_OBJECTIVES = "twin_objectives"
    HOST_OBJECTIVES = "host_objectives"
    CHECK = "check"  # checklist and the form to submit


@dataclass(frozen=True, slots=True)
class Field:
    """One prose field. `words` is the limit in words."""

    slug: str
    label: Words
    help: Words = ""
    words: int = 200
    is_required: bool = True

    @property
    def rows(self) -> int:
        """Height of its box in lines."""
        return 2 if self.words <= 60 else 4 if self.words <= 150 else 7


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: Words
    help: Words
    fields: tuple[Field, ...] = ()
    part: Part = Part.NONE


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of output. `offset_months`: usual distance of the due date from the kick-off in 18 months."""

    slug: str
    label: Words
    purpose: Words
    offset_months: int
    sections: tuple[Section, ...] = field(default=())

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each for section in self.sections for each in section.fields)

    def section(self, slug: str) -> Section | None:
        return next((section for section in self.sections if section.slug == slug), None)

    def field(self, slug: str) -> Field | None:
        return next((each for each in self.fields if each.slug == slug), None)

    def section_of(self, field_slug: str) -> Section | None:
        return next((s for s in self.sections if any(each.slug == field_slug for each in s.fields)), None)

    def section_with(self, part: Part) -> Section | None:
        return next((section for section in self.sections if section.part == part), None)


MOST_DOMAINS = 3
FEWEST_OBJECTIVES, MOST_OBJECTIVES = 3, 6
OBJECTIVE_WORDS = 120  # in each of an objective's texts
ROADMAP = "learning_roadmap"
WRITTEN_BY_HOSTS_TOO = (ROADMAP,)

CHECK = Section(
    "check",
    _("Check and submit"),
    _(
        "What is still missing, with a link to each place. When everything needed is there, submit it to your facilitator."
    ),
    part=Part.CHECK,
)

KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind(
            ROADMAP,
            _("Learning Roadmap"),
            _("Agree what will be learned, how and when."),
            3,
            (
                Section(
                    "starting-point",
                    _("Starting point"),
                    _(
                        "Where your city stands today. Your host reads this first: write for somebody who has never visited."
                    ),
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
                    _(
                        "Choose up to three domains in which you want to learn, and the levers of change that interest you."
                    ),
                    (
                        Field(
                            "domains_why", _("Why these"), _("One or two sentences are enough."), 100, is_required=False
                        ),
                    ),
                    Part.TERMS,
                ),
                Section(
                    "objectives",
                    _("Learning objectives"),
                    _(
                        "Three to six questions that you want answered, each with somebody who owns it and an activity that answers it."
                    ),
                    part=Part.TWIN_OBJECTIVES,
                ),
                Section(
                    "host-objectives",
                    _("The host’s objectives"),
                    _(
                        "Learning is mutual: at least one question that the host wants answered by your city. The host writes here."
                    ),
                    part=Part.HOST_OBJECTIVES,
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
                            _(
                                "Elections, staff who leave, no travel permit, no time: name each risk and who acts on it."
                            ),
                            200,
                        ),
                    ),
                ),
                CHECK,
            ),
        ),
        Kind(
            "stakeholder_plan",
            _("Stakeholder Engagement Plan"),
            _(
                "Activate the people and organisations around the city, so that learning does not stay with two persons."
            ),
            6,
            (
                Section(
                    "register",
                    _("Who matters"),
                    _(
                        "The organisations and groups that decide about the transfer, can help it or are affected by it."
                    ),
                    (
                        Field(
                            "own_departments",
                            _("Own departments"),
                            _("Which ones besides the climate office; what each can do and wants."),
                        ),
                        Field(
                            "other_stakeholders",
                            _("Other organisations and groups"),
                            _(
                                "For each: influence and interest from 0 to 4, present relation, the role you want it to have."
                            ),
                            400,
                        ),
                        Field(
                            "under_represented",
                            _("Groups that are seldom heard"),
                            _("Who they are and how you reach them."),
                            150,
                        ),
                    ),
                ),
                Section(
                    "engagement",
                    _("What you will do"),
                    _("One action for each stakeholder of high influence, with an owner and a date."),
                    (
                        Field("actions", _("Actions"), _("Stakeholder, action, owner, date; one to a line."), 400),
                        Field("channels", _("Channels"), _("How people hear from you and how they can answer."), 120),
                    ),
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
                        ),
                        Field(
                            "champion",
                            _("Champion"),
                            _("Who speaks for the transfer in politics or administration."),
                            80,
                        ),
                        Field(
                            "preparedness",
                            _("How ready you are"),
                            _("Rate from 0 to 4 how ready the local ecosystem is today, with a reason."),
                            120,
                        ),
                    ),
                ),
                CHECK,
            ),
        ),
        Kind(
            "transferability_assessment",
            _("Transferability Assessment"),
            _("Decide what of the host’s practice fits, what must be adapted and what not."),
            12,
            (
                Section(
                    "candidates",
                    _("What could be transferred"),
                    _("Two to five practices of the host, from what you saw on the visits."),
                    (
                        Field(
                            "candidates",
                            _("Practices"),
                            _("For each: its parts, the need it answers at home, the host’s result and evidence."),
                            500,
                        ),
                    ),
                ),
                Section(
                    "conditions",
                    _("Conditions"),
                    _(
                        "What makes it work there, and whether you have it: law, competence, money, skills, data, partners, culture, time."
                    ),
                    (
                        Field("conditions_at_host", _("At the host"), _("What the practice depends on there."), 300),
                        Field(
                            "conditions_at_home",
                            _("In your city"),
                            _("Present, partly, missing or unknown, each with its proof. Unknown is an answer too."),
                            300,
                        ),
                        Field(
                            "gaps",
                            _("Closing the gaps"),
                            _("For each missing condition a plan, or a reason to stop."),
                            250,
                        ),
                    ),
                ),
                Section(
                    "verdict",
                    _("Verdict"),
                    _("Adopt, adapt, be inspired or reject: one verdict for each practice, with the reason."),
                    (
                        Field(
                            "verdicts",
                            _("Verdicts"),
                            _("Practice, verdict, reason, how sure you are; effort, cost, effect and risk."),
                            400,
                        ),
                        Field(
                            "not_transferable",
                            _("What cannot be transferred"),
                            _("At least one, and why: this is worth as much as the rest."),
                            150,
                        ),
                    ),
                ),
                CHECK,
            ),
        ),
        Kind(
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
                    (
                        Field(
                            "actions",
                            _("Actions"),
                            _(
                                "Name, what happens, responsible body, partners, steps with dates, where the idea comes from."
                            ),
                            900,
                        ),
                        Field(
                            "money",
                            _("Money"),
                            _("Cost, source and state of the money, for each action and in all."),
                            250,
                        ),
                        Field("indicators", _("Indicators"), _("Name, unit, baseline, target and date."), 250),
                    ),
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
                        Field(
                            "monitoring", _("Monitoring and learning"), _("How you will know whether it works."), 150
                        ),
                        Field("link_with_host", _("Link with the host"), _("Contact and next meeting."), 80),
                    ),
                ),
                CHECK,
            ),
        ),
        Kind(
            "info_session",
            _("Internal Info Session"),
            _("Spread what was learned in the administration and among local partners."),
            17,
            (
                Section(
                    "session",
                    _("The session"),
                    _("The record of a meeting in your city."),
                    (
                        Field("when_and_where", _("Date, place and organiser"), "", 60),
                        Field(
                            "who_was_there",
                            _("Who was there"),
                            _("Departments and partners, with numbers: at least three departments and one partner."),
                            150,
                        ),
                        Field("agenda", _("Agenda"), "", 150),
                    ),
                ),
                Section(
                    "messages",
                    _("What was said"),
                    _("Three to five messages that should be remembered, and what people asked."),
                    (
                        Field("key_messages", _("Key messages"), _("One to a line."), 200),
                        Field("questions", _("Questions raised"), "", 200, is_required=False),
                    ),
                ),
                Section(
                    "follow-up",
                    _("What follows"),
                    _("Decisions and follow-ups, and where colleagues find the material."),
                    (
                        Field(
                            "follow_ups", _("Decisions and follow-ups"), _("What, who, until when; at least one."), 200
                        ),
                        Field("material", _("Material"), _("Where it is kept and who answers for it."), 80),
                        Field("feedback", _("Feedback"), _("What participants thought of it."), 80, is_required=False),
                    ),
                ),
                CHECK,
            ),
        ),
    )
}


def kind_of(slug: str) -> Kind:
    """The kind with this slug. Raises LookupError for one that the platform does not know."""
    try:
        return KINDS[slug]
    except KeyError:
        raise LookupError(f"There is no kind of output {slug!r}.") from None
