"""Invented rows of the outputs' tables. Their texts begin with a word that says so; nothing here was written by a city."""

from datetime import date, timedelta
from decimal import Decimal

from cohorts.models import Event, Term
from cohorts.models.vocabulary import DOMAINS, LEVERS
from cohorts.selectors.facts import context_differences
from cohorts.states import EventKind
from outputs.models import (
    ActionCost,
    ActionDependency,
    ActionFunding,
    ActionIndicator,
    ActionRisk,
    ActionStep,
    CandidateCondition,
    ContextNote,
    FollowUp,
    InfoSession,
    LearningObjective,
    Output,
    PlanAction,
    ReadinessRating,
    SessionGroup,
    SessionMaterial,
    SessionMessage,
    SessionQuestion,
    Stakeholder,
    TransferCandidate,
    VisitIdea,
)
from outputs.selectors.rows import pairing_of

MARK = "Example."
STAKEHOLDERS = [
    # name, kind, part, system, influence, interest, relation, role, barrier, action, owner, days until it is done
    (
        "Housing department",
        "own_department",
        "decides",
        "Housing",
        4,
        3,
        "Works with us every week.",
        "collaborate",
        "No post is free for it.",
        "Give one adviser two days a week.",
        "Head of housing",
        40,
    ),
    (
        "City treasurer",
        "own_department",
        "decides",
        "Finance",
        4,
        1,
        "Asked only when the budget is made.",
        "involve",
        "Sees cost, not savings.",
        "Two pages on cost and risk, with figures of the host.",
        "Climate office",
        25,
    ),
    (
        "Housing association",
        "business",
        "helps",
        "Housing",
        3,
        3,
        "Meets us twice a year.",
        "collaborate",
        "Wants a fixed price.",
        "Round table on price and order of streets.",
        "Housing department",
        60,
    ),
    (
        "Regional energy agency",
        "public",
        "helps",
        "Heat",
        2,
        4,
        "Advises owners already.",
        "collaborate",
        "Two advisers for the whole region.",
        "Agree on one shared list of firms.",
        "Climate office",
        50,
    ),
    (
        "Tenants’ union",
        "civil_society",
        "affected",
        "Housing",
        2,
        4,
        "Knows us from the paper only.",
        "consult",
        "Fears higher rents.",
        "Talk before the first street is chosen.",
        "Deputy mayor’s office",
        30,
    ),
    (
        "Tenants who move often",
        "citizens",
        "affected",
        "Housing",
        1,
        1,
        "None.",
        "inform",
        "Never come to a meeting.",
        "",
        "",
        None,
    ),
    (
        "Grid company",
        "utility",
        "helps",
        "Energy",
        3,
        2,
        "A contract on data.",
        "involve",
        "Plans by its own years.",
        "Lay both plans over each other.",
        "Planning department",
        80,
    ),
    (
        "Two savings banks",
        "finance",
        "helps",
        "Finance",
        2,
        2,
        "None yet.",
        "consult",
        "",
        "Ask for terms of a loan for whole streets.",
        "Treasurer",
        90,
    ),
]
READINESS = {
    "mandate": (3, "The council asked for the plan."),
    "staff_time": (1, "One person, two days a week."),
    "departments": (2, "Housing yes, finance not yet."),
    "partners": (2, "Good with the agency, none with the banks."),
    "resources": (1, "A grant for three years, nothing after it."),
}
IDEAS = [
    ("Owners advise owners", "On Tuesday evenings three owners tell how it went, with their bills on the table."),
    ("One contract for a whole street", "The agency signs once with the firm, owners sign with the agency."),
]
CANDIDATES = [
    {
        "name": "One advice office for owners",
        "objective": 0,  # of the roadmap that it answers
        "components": "A shop in the street, two advisers, one list of firms, a call after two weeks.",
        "need": "Every second owner stops after the first talk.",
        "host_result": "Seven of ten talks end in a contract, the host says; the count began two years ago.",
        "evidence": "Yearly report of the advice office, table 3; talk with its head on the visit.",
        "adaptation": "Two days a week instead of five, together with the energy agency.",
        "effort": "medium",
        "cost_from": 90000,
        "cost_to": 140000,
        "months": 9,
        "effect": "About 120 homes a year; fewer complaints about firms.",
        "risk": "The adviser is hired away by a firm.",
        "verdict": "adapt",
        "verdict_reason": "The way of talking travels, the size of the team does not.",
        "confidence": "high",
        "conditions": {
            "law": ("No special law.", "present", "Checked by the legal office.", "", ""),
            "competence": ("The city runs it.", "present", "Own task of the city.", "", ""),
            "money": (
                "A fifth of the cost comes from the state.",
                "missing",
                "No such programme here.",
                "No state grant.",
                "Ask the energy agency for half of one post.",
            ),
            "skills": (
                "Advisers with years in building.",
                "partly",
                "One of two advisers.",
                "Few apply.",
                "Train the second one at the host.",
            ),
            "data": (
                "A list of owners by street.",
                "partly",
                "Owners are known, ages of boilers are not.",
                "",
                "Ask the chimney sweeps.",
            ),
            "partners": ("The agency and eight firms.", "present", "Six firms have said yes.", "", ""),
            "culture": ("Owners trust the office.", "unknown", "", "", ""),
            "time": ("Two years until it was known.", "present", "The plan runs to 2030.", "", ""),
        },
    },
    {
        "name": "Planning heat by street",
        "objective": 2,  # of the roadmap that it answers
        "components": "A map of streets by age and heating, an order that the council adopts, one letter to each owner.",
        "need": "Each grant is for one house; nobody is responsible for a street.",
        "host_result": "Two quarters planned in three years.",
        "evidence": "Decision of the host’s council and the map, both handed over on the visit.",
        "adaptation": "Begin with one street of rented houses.",
        "effort": "high",
        "cost_from": 200000,
        "cost_to": 320000,
        "months": 18,
        "effect": "Whole streets get cheaper; the grid company can plan.",
        "risk": "Owners at the end of the list complain.",
        "verdict": "adopt",
        "verdict_reason": "The steps are the same here and the council wants an order.",
        "confidence": "medium",
        "conditions": {
            "law": (
                "The law asks for a heat plan.",
                "partly",
                "Asked for from 2028.",
                "",
                "Do it of our own will first.",
            ),
            "competence": (
                "Planning and heat in one office.",
                "partly",
                "Two offices here.",
                "",
                "One project lead for both.",
            ),
            "money": ("Own budget.", "partly", "Half of it is in the draft budget.", "", "Decision in May."),
            "skills": ("Two planners.", "present", "Two planners with maps.", "", ""),
            "data": (
                "Use of each house by month.",
                "missing",
                "The grid company may not give it.",
                "Privacy.",
                "Figures by block instead of by house.",
            ),
            "partners": ("Grid company at the table.", "present", "Contract of last year.", "", ""),
            "culture": ("Streets know each other.", "unknown", "", "", ""),
            "time": ("Three years.", "present", "", "", ""),
        },
    },
    {
        "name": "A levy on empty shops for climate work",
        "objective": 3,  # of the roadmap that it answers
        "components": "A yearly fee, a fund, a board of shopkeepers.",
        "need": "The grant ends after three years.",
        "host_result": "Pays for two posts.",
        "evidence": "Statutes of the fund.",
        "adaptation": "",
        "effort": "high",
        "cost_from": None,
        "cost_to": None,
        "months": None,
        "effect": "",
        "risk": "",
        "verdict": "reject",
        "verdict_reason": "National law does not let us raise such a fee. Good to know before we ask for it.",
        "confidence": "high",
        "conditions": {
            "law": (
                "State law allows the fee.",
                "missing",
                "Letter of the legal office.",
                "National law.",
                "We stop here.",
            ),
            "competence": ("The city sets the fee.", "missing", "The same letter.", "", "We stop here."),
            "money": ("None needed.", "present", "", "", ""),
            "skills": ("One clerk.", "present", "", "", ""),
            "data": ("Register of shops.", "present", "", "", ""),
            "partners": ("Shopkeepers.", "unknown", "", "", ""),
            "culture": ("Twenty years of it.", "unknown", "", "", ""),
            "time": ("None.", "present", "", "", ""),
        },
    },
]
ACTIONS = [
    {
        "name": "Open an advice office in the old town",
        "candidate": 0,
        "description": "A shop that is open on two days, with one adviser of the city and one of the energy agency.",
        "owner": "Head of housing",
        "responsible": "Housing department",
        "partners": "Energy agency, six firms",
        "place": "Old town, 1,400 houses",
        "addressed": "Owners of houses from before 1980",
        "early_change": "Every owner who asks is called back within two weeks.",
        "late_outcome": "Four of five talks end in a contract.",
        "effect": "About 120 homes a year.",
        "emissions": 310,
        "permits": "None.",
        "status": "endorsed",
        "steps": [
            ("Rent the shop", 20, 80, "done"),
            ("Train the second adviser at the host", 60, 110, "planned"),
            ("Open", 120, 130, "planned"),
        ],
        "costs": [("Rent and furniture", 2027, 24000), ("Half a post", 2027, 38000), ("Half a post", 2028, 39000)],
        "funding": [("City budget", "own", 52000, "granted"), ("Energy agency", "national", 30000, "applied")],
        "indicators": [("Signed contracts", "contracts a year", 40, 2025, 160)],
        "risks": [("The adviser leaves", "medium", "high", "A second one knows the files from the first day.")],
    },
    {
        "name": "Adopt an order of streets",
        "candidate": 1,
        "description": "A map of heat by street and an order that the council adopts and reviews every two years.",
        "owner": "Head of planning",
        "responsible": "Planning department",
        "partners": "Grid company, housing association",
        "place": "Whole city, first street in the north",
        "addressed": "Owners, tenants, the grid company",
        "early_change": "The first street has one plan and one contact.",
        "late_outcome": "Six streets are done together.",
        "effect": "Cheaper works, fewer holes in the street.",
        "emissions": None,
        "permits": "Decision of the council.",
        "status": "idea",
        "steps": [
            ("Draw the map", 40, 150, "planned"),
            ("Talk with the first street", 150, 210, "planned"),
            ("Decision of the council", 240, 240, "planned"),
        ],
        "costs": [("Map and data", 2027, 60000), ("Project lead", 2027, 70000), ("Project lead", 2028, 72000)],
        "funding": [("City budget", "own", 65000, "applied"), ("European programme", "european", 90000, "open")],
        "indicators": [("Streets with a plan", "streets", 0, 2026, 6)],
        "risks": [
            ("Owners at the end of the list complain", "high", "medium", "Say early what everybody gets."),
            ("Data come late", "medium", "medium", "Begin with figures by block."),
        ],
    },
    {
        "name": "A page of figures for the council",
        "candidate": None,
        "origin": "Own idea, after the talk about indicators in workshop 2.",
        "description": "Ten figures, once a year, on one page that everybody understands.",
        "owner": "Statistics office",
        "responsible": "Climate office",
        "partners": "Grid company",
        "place": "Whole city",
        "addressed": "Council",
        "early_change": "The council asks by figures.",
        "late_outcome": "The budget names them.",
        "effect": "Decisions that can be checked.",
        "emissions": None,
        "permits": "None.",
        "status": "started",
        "steps": [("Choose ten figures", 10, 40, "done"), ("First page", 60, 120, "under_way")],
        "costs": [("Time of two offices", 2027, 8000)],
        "funding": [("City budget", "own", 8000, "granted")],
        "indicators": [("Figures with a source", "figures", 3, 2026, 10)],
        "risks": [],
    },
]
GROUPS = [
    ("Housing department", "department", 6),
    ("Planning department", "department", 4),
    ("Treasurer’s office", "department", 2),
    ("Deputy mayor’s office", "politics", 2),
    ("Energy agency", "partner", 3),
    ("Housing association", "partner", 2),
]
MESSAGES = [
    "Owners believe owners: begin with three who have done it.",
    "One street at a time is cheaper than one house at a time.",
    "Count contracts, not talks.",
]
QUESTIONS = [
    ("Who pays after the grant?", "Treasurer’s office", "Open; the plan for the fourth year is a follow-up."),
    ("Why not the whole city at once?", "Deputy mayor’s office", "The host tried, and stopped after a year."),
]
FOLLOW_UPS = [
    ("Write a plan for the fourth year.", "follow_up", "Treasurer", 60),
    ("The order of streets goes to the council.", "decision", "Deputy mayor", 90),
]
MATERIALS = [("Slides and notes", "", "Intranet, folder climate, twinning", "Climate office")]


def write_rows(output: Output, *, by, at) -> None:
    """All rows of this kind of output as an example. The roadmap's objectives stand in `texts`."""
    writer = {
        "stakeholder_plan": _write_stakeholders,
        "transferability_assessment": _write_candidates,
        "action_plan": _write_actions,
        "info_session": _write_session,
    }.get(output.kind)
    if writer:
        writer(output, {"edited_by": by, "edited_at": at})


def _text(text: str) -> str:
    return f"{MARK} {text}" if text else ""


def _write_stakeholders(output: Output, written: dict) -> None:
    for position, row in enumerate(STAKEHOLDERS, start=1):
        name, kind, part, system, influence, interest, relation, role, barrier, action, owner, days = row
        Stakeholder.objects.create(
            output=output, position=position, name=_text(name), kind=kind, part=part, system=system,
            influence=influence, interest=interest, relation=_text(relation), wanted_role=role, barrier=_text(barrier),
            action=_text(action), owner=owner, due_on=_after(output, days), **written,
        )  # fmt: skip
    for key, (rating, reason) in READINESS.items():
        ReadinessRating.objects.create(output=output, key=key, at_start=rating, reason=_text(reason), **written)


def _write_candidates(output: Output, written: dict) -> None:
    objectives = list(LearningObjective.objects.of_participation(output.participation_id).filter(side="twin").present())
    visit = (
        Event.objects.filter(pairing__participation=output.participation_id, kind=EventKind.SITE_VISIT)
        .order_by("planned_on", "pk")
        .first()
    )
    ideas = [
        VisitIdea.objects.create(
            participation=output.participation, event=visit, title=_text(title), note=_text(note),
            noted_by=written["edited_by"], noted_at=written["edited_at"],
        )
        for title, note in IDEAS
    ]  # fmt: skip
    pairing = pairing_of(output)
    for difference in context_differences(pairing) if pairing else []:
        if difference.verdict in ("stretch", "different"):
            meaning = _text("We look twice at whatever depends on this.")
            ContextNote.objects.create(output=output, key=difference.dimension, meaning=meaning, **written)
    for position, row in enumerate(CANDIDATES, start=1):
        objective = objectives[row["objective"]] if row["objective"] < len(objectives) else None
        plain = ("effort", "cost_from", "cost_to", "months", "verdict", "confidence")
        texts = {slug: _text(value) for slug, value in row.items() if slug not in (*plain, "conditions", "objective")}
        idea = ideas[position - 1] if position <= len(ideas) else None
        candidate = TransferCandidate.objects.create(
            output=output, position=position, objective=objective, idea=idea, **texts,
            **{slug: row[slug] for slug in plain}, **written,
        )  # fmt: skip
        for key, (at_host, at_home, proof, barrier, plan) in row["conditions"].items():
            CandidateCondition.objects.create(
                parent=candidate, key=key, at_home=at_home, at_host=_text(at_host), proof=_text(proof),
                barrier=_text(barrier), plan=_text(plan), **written,
            )  # fmt: skip


def _write_actions(output: Output, written: dict) -> None:
    candidates = list(TransferCandidate.objects.of_participation(output.participation_id).present())
    domains, levers = Term.objects.of(DOMAINS).in_use(), Term.objects.of(LEVERS).in_use()
    actions = []
    for position, row in enumerate(ACTIONS, start=1):
        plain = {
            "owner": row["owner"],
            "responsible": row["responsible"],
            "place": row["place"],
            "status": row["status"],
        }
        texts = ("name", "description", "partners", "addressed", "early_change", "late_outcome", "effect", "permits")
        index = row["candidate"]
        action = PlanAction.objects.create(
            output=output, position=position, **{slug: _text(row[slug]) for slug in texts}, **plain, **written,
            origin=_text(row.get("origin", "")) or (_text("From the host, see the assessment.") if not candidates else ""),
            candidate=candidates[index] if index is not None and index < len(candidates) else None,
            emissions=row["emissions"], domain=domains[position % 2], lever=levers[position % 3],
            endorsed_on=output.due_on - timedelta(days=30) if row["status"] != "idea" else None,
            endorsed_by="Climate committee" if row["status"] != "idea" else "",
        )  # fmt: skip
        actions.append(action)
        _write_below(action, row, output.due_on, written)
    ActionDependency.objects.create(parent=actions[0], position=1, waits_for=actions[2], **written)


def _write_below(action: PlanAction, row: dict, due_on: date, written: dict) -> None:
    start = due_on
    for position, (title, first, last, state) in enumerate(row["steps"], start=1):
        ActionStep.objects.create(
            parent=action, position=position, title=_text(title), starts_on=start + timedelta(days=first),
            ends_on=start + timedelta(days=last), owner=row["owner"], state=state, **written,
        )  # fmt: skip
    for position, (item, year, amount) in enumerate(row["costs"], start=1):
        ActionCost.objects.create(
            parent=action, position=position, item=_text(item), year=year, amount=Decimal(amount), **written
        )
    for position, (source, kind, amount, state) in enumerate(row["funding"], start=1):
        ActionFunding.objects.create(
            parent=action,
            position=position,
            source=_text(source),
            kind=kind,
            amount=Decimal(amount),
            state=state,
            **written,
        )
    for position, (name, unit, baseline, year, target) in enumerate(row["indicators"], start=1):
        ActionIndicator.objects.create(
            parent=action, position=position, name=_text(name), unit=unit, baseline=Decimal(baseline),
            baseline_year=year, target=Decimal(target), due_on=start + timedelta(days=700), **written,
        )  # fmt: skip
    for position, (risk, likelihood, impact, answer) in enumerate(row["risks"], start=1):
        ActionRisk.objects.create(
            parent=action,
            position=position,
            risk=_text(risk),
            likelihood=likelihood,
            impact=impact,
            answer=_text(answer),
            **written,
        )


def _write_session(output: Output, written: dict) -> None:
    InfoSession.objects.create(
        output=output, key="session", held_on=_after(output, -20), form="hybrid", place=_text("Town hall"),
        organiser=_text("Climate office"), agenda=_text("What we saw, what we take over, what we need from you."),
        score=Decimal("4.2"), answers=14, feedback=_text("More time for questions next time."), **written,
    )  # fmt: skip
    for position, (name, kind, people) in enumerate(GROUPS, start=1):
        SessionGroup.objects.create(
            output=output, position=position, name=_text(name), kind=kind, people=people, **written
        )
    for position, text in enumerate(MESSAGES, start=1):
        SessionMessage.objects.create(output=output, position=position, text=_text(text), **written)
    for position, (question, asked_by, answer) in enumerate(QUESTIONS, start=1):
        SessionQuestion.objects.create(
            output=output,
            position=position,
            question=_text(question),
            asked_by=asked_by,
            answer=_text(answer),
            **written,
        )
    for position, (text, kind, owner, days) in enumerate(FOLLOW_UPS, start=1):
        FollowUp.objects.create(
            output=output,
            position=position,
            text=_text(text),
            kind=kind,
            owner=owner,
            due_on=_after(output, days),
            **written,
        )
    for position, (title, link, kept_at, keeper) in enumerate(MATERIALS, start=1):
        SessionMaterial.objects.create(
            output=output, position=position, title=_text(title), link=link, kept_at=kept_at, keeper=keeper, **written
        )


def _after(output: Output, days: int | None) -> date | None:
    return None if days is None else output.due_on + timedelta(days=days)
