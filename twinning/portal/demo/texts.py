"""Invented texts of outputs. Each begins with a word that says so; nothing here was written by a city."""

from datetime import date, timedelta

from cohorts.models import Event, Term
from cohorts.models.vocabulary import DOMAINS, LEVERS
from outputs.kinds import ROADMAP
from outputs.models import Answer, LearningObjective, Output, OutputTerm
from outputs.states import ActivityKind, LearnerSide, LearningType, ObjectiveState

from .rows import MARK, write_rows

PROSE = {
    "baseline": "{city} counted its emissions once, five years ago. Heating of homes and traffic are the two largest parts; the figures for industry are estimates.",
    "plan": "The council adopted a climate plan with the goal of neutrality by 2040. It binds the city's own buildings and fleet, and asks for a report each year.",
    "competences": "Planning, own buildings, parking and the bus contract are in the city's hands. Energy prices, the rail line and private homes are not.",
    "domains_why": "Most of what {city} emits comes from these, and the host has tried something in each.",
    "language": "English on calls. On visits a colleague interprets for people from the neighbourhoods.",
    "frequency": "A call of half an hour each month, the twin invites. In between questions by e-mail, answered within a week.",
    "confidentiality": "Slides and figures may be passed on within both administrations. Names of owners and prices of offers stay between us.",
    "risks": "Local elections in spring: the head of department keeps the plan going. One person knows the data: a second one is trained before the first visit.",
    "under_represented": "Tenants who move often and small landlords. Reached through the district offices and two evening walks.",
    "channels": "A page on the city's site, the district offices, a telephone number that somebody answers.",
    "decision_path": "Climate committee in March, finance committee in April, council in May.",
    "champion": "The deputy mayor for housing speaks for it.",
    "not_transferable": "The levy on empty shops: national law does not allow it. We looked for a way and stopped.",
    "ranking": "The office first, because it helps at once; the order of streets needs the council.",
    "vision": "In four years owners of a whole street decide together, and the city knows what it changed.",
    "barriers": "One person knows the data, the grant ends, and two offices plan the same street.",
    "governance": "A group of five meets every month; the deputy mayor leads it and reports to the council twice a year.",
    "endorsement": "The climate committee endorsed it; the council votes in May.",
    "monitoring": "Ten figures once a year, and a talk with the host about what did not work.",
    "link_with_host": "Our advisers call each other every quarter; next meeting in autumn.",
}
OBJECTIVES = [
    (
        "How does {host} bring owners of old houses from a first talk to a signed contract?",
        LearningType.SOCIAL,
        "In {city} every second owner stops after the first talk. The plan counts on 400 homes a year.",
        "The advice office opens its doors for a day: how a talk is led, what is written down, who calls back.",
        ActivityKind.VISIT,
        "Two days in the advice office and with three owners who went through it.",
        "Housing department, two advisers of the energy agency",
        "A written path of steps that {city} can try with twenty owners.",
    ),
    (
        "Which figures does {host} collect so that the council can see whether a measure works?",
        LearningType.TECHNICAL,
        "{city} reports what was spent, not what it changed. The council has asked for better figures.",
        "The set of indicators, the contract with the grid company and the mistakes of the first year.",
        ActivityKind.WORKSHOP,
        "Both data teams compare their tables in the second workshop.",
        "Statistics office, climate office",
        "A list of at most ten indicators with a source for each.",
    ),
    (
        "What made {host} see heating as a matter of neighbourhoods and not of single houses?",
        LearningType.CONCEPTUAL,
        "In {city} each grant is for one house. Whole streets would be cheaper, but nobody is responsible for a street.",
        "How the first two neighbourhoods were chosen, and what was given up for it.",
        ActivityKind.CALL,
        "A talk with the people who decided it, without slides.",
        "Planning department, deputy mayor's office",
        "A one-page paper on whether {city} should plan by neighbourhood.",
    ),
    (
        "Who pays for what, when the grant in {host} ends?",
        LearningType.TECHNICAL,
        "{city} has a grant for three years and no plan for the fourth.",
        "The calculation with and without the grant, and the offers of two banks.",
        ActivityKind.DOCUMENT,
        "The host sends its paper on finance; we ask our questions in the next call.",
        "Treasurer, climate office",
        "A plan for the fourth year that the treasurer has read.",
    ),
]
OWNERS = ["Head of the climate office", "Housing department", "Planning department", "Treasurer"]
HOST_QUESTION = "How does {city} reach people who never come to a meeting?"
BETTER_QUESTION = "Which three steps of {host} would a small city like {city} take first, and why in this order?"
LETTER = (
    "Example. Thank you, the starting point is clear and honest. Two things are missing: objective 2 is a topic rather than a question, and nobody is "
    "named who must learn it. Please write it as one question and name the people."
)
COMMENTS = [
    ("question", "Example. This is still a wide topic. What exactly do you want to be able to do afterwards?"),
    ("learners", "Example. Please name the people or departments who must learn this."),
]
ACCEPTED = (
    "Example. Accepted. Take objective 3 to the first visit: it is the one that your deputy mayor will ask about."
)
WEAK_QUESTION = "Figures for the council"


def write_roadmap(output: Output, *, host_name: str, by, at, is_weak: bool = False) -> None:
    """A whole example roadmap as the present draft, without its state. `is_weak`: with one objective that will be sent back.

    Written in bulk: a draft leaves no line in the journal. What is submitted from it goes through the service.
    """
    names = {"city": output.participation.city.name, "host": host_name}
    _write_prose(output, names, by=by, at=at)
    for vocabulary, count in ((DOMAINS, 2), (LEVERS, 2)):
        terms = list(Term.objects.of(vocabulary).in_use())
        start = output.pk % len(terms)
        chosen = (terms + terms)[start : start + count]
        OutputTerm.objects.bulk_create(OutputTerm(output=output, term=term) for term in chosen)
    visits = list(Event.objects.filter(pairing__participation=output.participation_id).order_by("planned_on", "pk"))
    rows = [
        _objective(output, number, names, visits, by=by, at=at, is_weak=is_weak and number == 1)
        for number in range(len(OBJECTIVES))
    ]
    question = f"{MARK} {HOST_QUESTION.format(**names)}"
    host_row = LearningObjective(
        output=output,
        side=LearnerSide.HOST,
        position=1,
        question=question,
        learning_type=LearningType.SOCIAL,
        activity=ActivityKind.VISIT,
        owner=f"Climate team of {host_name}",
        offer=f"{MARK} The district offices of {names['city']} show how they do it.",
        edited_by=by,
        edited_at=at,
    )
    LearningObjective.objects.bulk_create([*rows, host_row])


def _objective(output: Output, number: int, names: dict, visits: list[Event], *, by, at, is_weak: bool):
    question, kind, why, offer, activity, note, learners, evidence = OBJECTIVES[number]
    due_on: date = output.due_on + timedelta(days=60 + 75 * number)
    return LearningObjective(
        output=output,
        side=LearnerSide.TWIN,
        position=number + 1,
        question=f"{MARK} {WEAK_QUESTION if is_weak else question.format(**names)}" + ("?" if is_weak else ""),
        learning_type=kind,
        why_it_matters=f"{MARK} {why.format(**names)}",
        offer=f"{MARK} {offer.format(**names)}",
        activity=activity,
        activity_note=f"{MARK} {note.format(**names)}",
        event=visits[number % len(visits)] if visits and activity == ActivityKind.VISIT else None,
        learners="" if is_weak else f"{MARK} {learners}",
        owner=OWNERS[number],
        evidence=f"{MARK} {evidence.format(**names)}",
        due_on=due_on,
        state=ObjectiveState.PLANNED,
        edited_by=by,
        edited_at=at,
    )


def write_half(output: Output, *, by, at) -> None:
    """The first half of the prose: a draft that somebody has begun."""
    names = {"city": output.participation.city.name, "host": "the host"}
    _write_prose(output, names, by=by, at=at, share=0.5)


def write_whole(output: Output, *, by, at) -> None:
    """All the prose and all the rows of a kind other than the roadmap."""
    write_rows(output, by=by, at=at)
    _write_prose(output, {"city": output.participation.city.name, "host": "the host"}, by=by, at=at)


def _write_prose(output: Output, names: dict, *, by, at, share: float = 1.0) -> None:
    fields = [field for field in output.form.fields if field.slug in PROSE]
    fields = fields[: max(1, round(len(fields) * share))]
    Answer.objects.bulk_create(
        Answer(
            output=output,
            field=field.slug,
            text=f"{MARK} {PROSE[field.slug].format(**names)}",
            edited_by=by,
            edited_at=at,
        )
        for field in fields
    )
    Output.objects.filter(pk=output.pk).update(is_example=True)


def mend_roadmap(output: Output, *, host_name: str, by, at) -> None:
    """What the city changes after a roadmap was sent back: the weak objective becomes a question with people."""
    names = {"city": output.participation.city.name, "host": host_name}
    weak = output.objectives.filter(side=LearnerSide.TWIN, position=2)
    weak.update(
        question=f"{MARK} {BETTER_QUESTION.format(**names)}",
        learners=f"{MARK} {OBJECTIVES[1][6]}",
        edited_by=by,
        edited_at=at,
    )


def weak_objective(output: Output) -> LearningObjective | None:
    return (
        output.objectives.filter(side=LearnerSide.TWIN, position=2).order_by("pk").first()
        if output.kind == ROADMAP
        else None
    )
