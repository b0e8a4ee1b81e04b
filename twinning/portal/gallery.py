"""Invented data for the gallery of components: every variant once, also the awkward ones."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.template.loader import get_template

from twinning.core.pictures import board, budget, conditions, coverage, europe, gantt, influence, objectives, timeline

OUTPUTS = [
    "Learning Roadmap",
    "Stakeholder Engagement Plan",
    "Transferability Assessment",
    "Replication Plan",
    "Internal Info Session",
]
PLACES = {
    "Belfast": (-5.93, 54.6),
    "Braga": (-8.43, 41.55),
    "Fundão": (-7.5, 40.14),
    "Jyväskylä": (25.75, 62.24),
    "Reykjavík": (-21.94, 64.15),
    "Eskişehir": (30.52, 39.78),
    "Las Palmas de Gran Canaria": (-15.43, 28.12),
    "Galway": (-9.05, 53.27),
    "Uppsala": (17.64, 59.86),
    "Turku": (22.27, 60.45),
    "Lahti": (25.66, 60.98),
    "Budapest": (19.04, 47.5),
    "Kraków": (19.94, 50.06),
    "Vitoria-Gasteiz": (-2.67, 42.85),
}
PAIRS = [
    ("Belfast", "Galway"),
    ("Braga", "Uppsala"),
    ("Fundão", "Turku"),
    ("Jyväskylä", "Kraków"),
    ("Reykjavík", "Lahti"),
    ("Eskişehir", "Budapest"),
    ("Las Palmas de Gran Canaria", "Vitoria-Gasteiz"),
]


class GalleryForm(forms.Form):
    question = forms.CharField(
        label="Question you want answered",
        help_text="One question. Start with what, how, which or who.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kinds = forms.MultipleChoiceField(
        label="Kind of learning",
        help_text="Choose at least one.",
        choices=[("technical", "Technical"), ("conceptual", "Conceptual"), ("social", "Social")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    pace = forms.ChoiceField(
        label="Pace", choices=[("calm", "Calm"), ("brisk", "Brisk")], widget=forms.RadioSelect, required=False
    )
    owner = forms.CharField(label="Who must learn this", help_text="A department or a person.")
    activity = forms.ChoiceField(label="Activity", choices=[("", "Choose one"), ("v2", "Visit 2")], required=False)
    due_on = forms.DateField(label="Date", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(label="File", required=False)
    shared = forms.BooleanField(label="Our host may read this", help_text="You can change it later.", required=False)


class GalleryFilterForm(forms.Form):
    search = forms.CharField(label="City or host", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label="State", choices=[("", "All states"), ("late", "Late")], required=False)


def gallery(today: date) -> dict[str, object]:
    """The context of the gallery page."""
    start = (today.replace(day=1) - timedelta(days=240)).replace(day=1)
    return {
        "docs": {name: parameters_of(name) for name in COMPONENTS},
        "today": today,
        "soon": today + timedelta(days=10),
        "yesterday": today - timedelta(days=1),
        "states": ["not_started", "draft", "submitted", "sent_back", "accepted", "waived"],
        "job_states": ["queued", "rendering", "ready", "failed"],
        "figures": [
            {"label": "Twins taking part", "value": 37, "note": "of 40 selected"},
            {"label": "Hosts", "value": 25, "note": "pilot activities"},
            {"label": "Pairings", "value": 28, "url": "#pair"},
            {"label": "Outputs accepted", "value": 1240, "note": "of 1,400"},
        ],
        "steps": [
            {"label": "Starting point", "state": "accepted", "url": "#"},
            {"label": "Learning objectives", "state": "draft", "url": "#", "is_current": True},
            {"label": "Risks", "state": "not_started", "url": "#"},
            {"label": "Check and submit", "state": "not_started"},
        ],
        "rungs": [
            {"title": OUTPUTS[0], "state": "sent_back", "detail": "Your facilitator asks for changes.", "url": "#", "action": "Make changes"},
            {"title": OUTPUTS[1], "state": "accepted", "detail": "Accepted on 20 March.", "url": "#", "action": "View"},
            {"title": OUTPUTS[2], "state": "draft", "days_late": 3, "detail": "Was due on Thursday.", "url": "#", "action": "Continue"},
            {"title": OUTPUTS[3], "state": "not_started", "detail": "Opens in October."},
            {"title": OUTPUTS[4], "state": "waived", "detail": "Not asked of this pairing."},
        ],
        "todos": [
            {"title": "Stakeholder Engagement Plan late: Fundão", "detail": "No sign-in for 16 days.", "state": "late", "url": "#", "action": "Write"},
            {"title": "7 plans wait for review", "detail": "The oldest for 6 days: Braga.", "state": "submitted", "url": "#", "action": "Review"},
            {"title": "Visit 2: dates missing for 5 pairings", "detail": "Window 1 June to 31 August.", "glyph": "visit", "url": "#", "action": "Plan"},
        ],
        "rows": [
            {"on": today + timedelta(days=2), "title": "Workshop 2: governance", "detail": "10:00–12:00 CET, online", "url": "#", "action": "Join"},
            {"when": "12–13 June", "title": "Visit 2 to Galway", "detail": "Two days, costs covered.", "url": "#"},
            {"title": "Example Facilitator", "detail": "Your facilitator. Answers within 2 working days."},
        ],
        "facts": [
            {"label": "Host activity", "value": "Galway City Net Zero Pilot"},
            {"label": "Facilitator", "value": "Example Facilitator", "url": "#"},
        ],
        "bars": [
            {"label": "Domains of action", "value": 18, "maximum": 20, "note": "built environment"},
            {"label": "Levers of change", "value": 6, "maximum": 15, "url": "#"},
        ],
        "page": Paginator(range(400), 25).page(7),
        "first_page": Paginator(range(40), 25).page(1),
        "entries": [
            {"at": datetime(2024, 5, 9, 14, 32, tzinfo=UTC), "sentence": "Example Officer submitted the Learning Roadmap."},
            {"at": datetime(2024, 5, 12, 9, 5, tzinfo=UTC), "sentence": "Example Facilitator sent it back.", "detail": "One objective is not a question yet."},
        ],
        "hints": [{"text": "Says who is affected", "is_met": True}, {"text": "Names a plan or a number", "is_met": False}],
        "remarks": [
            {"by": "Example Facilitator", "at": date(2024, 5, 9), "text": "“Role” is very wide. Do you mean finding partners, or paying them?", "answer_url": "#", "solve_url": "#"},
            {"by": "Example Facilitator", "at": date(2024, 5, 2), "text": "Which year is this number from?", "is_solved": True},
        ],
        "errors": [{"text": "Objective 2: write the objective as a question", "url": "#id_bad-question"}],
        "form": GalleryForm(prefix="good"),
        "filter": {"form": GalleryFilterForm(prefix="filter")},
        "rail_form": GalleryForm(prefix="rail"),
        "nothing": [],
        "bad_form": GalleryForm({"bad-question": "", "bad-pace": "never"}, prefix="bad"),
        "table": [
            {"twin": twin, "host": host, "states": [(OUTPUTS[n], "accepted" if n < 1 else "draft" if n < 2 else "not_started", 9 if n == 1 and not k else 0) for n in range(5)], "visits": k % 4}
            for k, (twin, host) in enumerate(PAIRS)
        ],
        "outputs": OUTPUTS,
        **_map(),
        **_calendar(start),
        **_objectives(start),
        **_drawings(start),
    }  # fmt: skip


def _map() -> dict[str, object]:
    def place(name: str) -> europe.Place:
        return europe.Place(name, *PLACES[name])

    return {
        "twins": [
            europe.Twin(twin, place(twin), f"#{twin}", "Output late by 9 days" if twin == "Fundão" else "")
            for twin, _host in PAIRS
        ],
        "hosts": [europe.Host(host, host, (place(host),)) for _twin, host in PAIRS],
        "pairings": [europe.Pairing(twin, host) for twin, host in PAIRS],
    }


def _calendar(start: date) -> dict[str, object]:
    def day(months: float) -> date:
        return start + timedelta(days=round(months * 30.44))

    kinds = [(0.15, "Kick-off"), (1, "Seminar 1"), (2, "Workshop 1"), (3, "Seminar 2"), (5, "Visit 1"), (6, "Session 1"), (7.8, "Seminar 3"), (8.58, "Workshop 2"), (8.95, "Session 2"), (11, "Visit 2"), (12, "Session 3"), (14, "Visit 3"), (14.6, "Session 4"), (17.85, "Closing")]  # fmt: skip
    due = [(3, "Roadmap"), (6, "Stakeholders"), (9, "Milestone 1"), (12, "Transferability"), (16, "Action plan"), (17, "Info session"), (17.9, "Milestone 2")]  # fmt: skip
    return {
        "modules": [
            timeline.Module("1 Getting started", day(0), day(6) - timedelta(days=1)),
            timeline.Module("2 Co-creating", day(6), day(12) - timedelta(days=1)),
            timeline.Module("3 Capitalising", day(12), day(17.9)),
        ],
        "events": [
            timeline.Mark(day(months), label, "visit" if label.startswith("Visit") else "event")
            for months, label in kinds
        ],
        "deadlines": [
            timeline.Mark(
                day(months), label, "milestone" if label.startswith("Milestone") else "deadline", done=months < 7
            )
            for months, label in due
        ],
    }


def _objectives(start: date) -> dict[str, object]:
    def day(months: float) -> date:
        return start + timedelta(days=round(months * 30.44))

    return {
        "objective_rows": [
            objectives.Objective(1, "Which steps turn residents’ interest into a signed retrofit contract?", day(1), day(5), "Visit 1", is_answered=True),
            objectives.Objective(2, "How do community groups find households that do not come by themselves?", day(3), day(11), "Visit 2"),
            objectives.Objective(3, "Who decides in Galway when partners disagree?", day(6), day(16.5), "Call with the energy agency"),
            objectives.Objective(4, "What does one advice session cost?", day(6), None, ""),
        ],
        "occasions": [objectives.Occasion(day(5), "Visit 1"), objectives.Occasion(day(11), "Visit 2"), objectives.Occasion(day(14), "Visit 3")],
        "starts_on": day(0),
        "ends_on": day(17.9),
    }  # fmt: skip


def _drawings(start: date) -> dict[str, object]:
    def day(months: float) -> date:
        return start + timedelta(days=round(months * 30.44))

    states = {"present": "present", "partly": "partly", "missing": "missing", "unknown": "unknown"}
    named = ["Law", "Competence", "Money", "Skills", "Data", "Partners", "Culture", "Time"]
    signs = [
        ("One-stop shop for renovation", "present partly missing present unknown present partly present", "adapt"),
        (
            "Neighbourhood energy coaches who are paid by the utility",
            "present present present partly partly present present missing",
            "adopt",
        ),
        (
            "Pre-emption right for district heating",
            "missing missing partly present present unknown missing partly",
            "reject",
        ),
    ]
    return {
        "stakeholders": [
            influence.Stakeholder(1, "Housing department", 3, 4),
            influence.Stakeholder(2, "Finance department", 4, 1),
            influence.Stakeholder(3, "Owners’ association of the old town", 4, 1),
            influence.Stakeholder(4, "Regional energy agency", 2, 3),
            influence.Stakeholder(5, "Tenants in fuel poverty", 0, 4),
            influence.Stakeholder(6, "University", None, None),
        ],
        "condition_names": named,
        "candidates": [
            conditions.Candidate(number, name, tuple((state, states[state]) for state in cells.split()), verdict)
            for number, (name, cells, verdict) in enumerate(signs, start=1)
        ],
        "actions": [
            gantt.Action(1, "Open the advice desk in the town hall", day(16), day(24), (gantt.Step(day(16.5), "Room found", is_done=True), gantt.Step(day(20), "First visitors"))),
            gantt.Action(2, "Train twelve neighbourhood coaches", day(20), day(30), (gantt.Step(day(26), "Second course"),)),
            gantt.Action(3, "Ask the region for the missing right", None, None),
        ],
        "money_kinds": ["Secured", "Applied for", "Not yet found"],
        "budgets": [
            budget.Budget(1, "Open the advice desk in the town hall", (budget.Part(0, Decimal(120_000)), budget.Part(1, Decimal(80_000))), "200,000 EUR"),
            budget.Budget(2, "Train twelve neighbourhood coaches", (budget.Part(1, Decimal(30_000)), budget.Part(2, Decimal(15_000))), "45,000 EUR"),
            budget.Budget(3, "Ask the region for the missing right", (), ""),
        ],
        "boards": board.draw_board([
            board.Note(1, "challenge", "Challenge", "Owners of flats decide late, and only together.", "Example city A", "3 votes", "Owners"),
            board.Note(2, "success", "Success", "One desk for grants, technical advice and contracts.", "Example city B", "5 votes", "Owners"),
            board.Note(3, "question", "Question", "Who pays for the desk after the project?", "Example city A"),
        ]),
        "heard_columns": 3,
        "heard": [
            coverage.City("Example city A", ((4, 3), (0, 0), (1, 0)), "3 of 5 notes"),
            coverage.City("Example city B", ((2, 2), (1, 1), (0, 0)), "3 of 3 notes"),
            coverage.City("Example city C", ((0, 0), (2, 0), (0, 0)), "0 of 2 notes"),
        ],
    }  # fmt: skip


COMPONENTS = [
    "alert", "bars", "board", "budget", "button", "conditions", "confirm", "copy_link", "coverage", "dialog", "empty", "error_summary", "facts", "field", "figures", "filters", "form",
    "gantt", "influence", "journal", "ladder", "legend", "map", "map_legend", "messages", "objectives", "pagination", "remark", "rows", "savebar",
    "sort_header", "sprite", "steps", "timeline", "todo",
]  # fmt: skip


def parameters_of(name: str) -> str:
    """The opening comment of a component: what it is for and what it takes."""
    source = get_template(f"components/{name}.html").template.source
    comment = source.partition("{% comment %}")[2].partition("{% endcomment %}")[0]
    return comment.replace("{% templatetag openblock %}", "{%").replace("{% templatetag closeblock %}", "%}").strip()
