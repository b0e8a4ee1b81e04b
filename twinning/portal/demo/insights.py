"""What the first all-cluster session might have found: invented notes, insights and a report, each marked as an example.

The session happened; what was said in it was published only in general words. So nothing here is a statement of a city.
"""

from datetime import datetime

from cohorts.models import Term
from sensemaking.models import Guest, Insight, Note, Session, SessionReport
from sensemaking.selectors.reports import quotable_notes
from sensemaking.services.boards import act, open_board
from sensemaking.services.guests import invite_roster
from sensemaking.services.insights import make_insight, move_insight
from sensemaking.services.reports import introduce_report, open_report, publish_report, quote_notes, recommend
from sensemaking.services.rooms import add_rooms
from sensemaking.states import GuestState, InsightOrigin, Sureness
from twinning.people.models import User

CARD, GAP, COLUMNS = 220, 20, 9
# room, topic, group, remark
NOTES = (
    (0, "challenge", "Meet people where they are", "Evening meetings reach the same thirty people every time."),
    (0, "success", "Meet people where they are", "A caravan on market days reached people who never come to meetings."),
    (0, "method", "Meet people where they are", "We go to the market and to sports clubs; meetings come last."),
    (
        0,
        "success",
        "Young people bring their parents",
        "Pupils measured the air of their street and parents began to listen.",
    ),
    (
        0,
        "method",
        "Young people bring their parents",
        "Pupils as reporters: parents come to see what their children made.",
    ),
    (0, "question", "", "Who speaks for tenants when owners decide?"),
    (1, "challenge", "Silos", "Each department guards its own budget; nobody pays for what is shared."),
    (1, "success", "Silos", "A climate team across departments with a budget of its own changed the tone."),
    (1, "condition", "Silos", "Departments cooperate since the mayor put a joint budget line in."),
    (1, "failure", "", "After the election half of the council was new; we had to explain everything again."),
    (1, "next", "", "A climate report to the council every quarter keeps the topic on the agenda."),
    (2, "challenge", "Guarantees", "Banks ask for a guarantee that the city is not allowed to give."),
    (2, "challenge", "Guarantees", "La banque demande une garantie pour chaque prêt aux copropriétés."),
    (2, "success", "Guarantees", "A revolving fund with a guarantee of the bank carried the first forty roofs."),
    (2, "next", "Guarantees", "Small cities should pool their guarantee; one bank said it would listen."),
    (2, "question", "", "Who pays for advice before the loan?"),
    (3, "challenge", "Permits", "The permit for the pipes took eleven months because three offices had to sign."),
    (3, "failure", "Permits", "We lost a summer of building while permits waited for signatures."),
    (3, "next", "Permits", "One permit desk for pipes and roofs would save half a year."),
    (3, "challenge", "Owners decide slowly", "Owners of flats decide once a year, at their assembly."),
    (3, "method", "Owners decide slowly", "Start a year ahead: the assembly of owners needs two thirds."),
    (4, "condition", "Trust in the price", "District heating is trusted once the price is fixed for ten years."),
    (4, "method", "Trust in the price", "Publish the formula of the heating price, or nobody signs."),
    (4, "failure", "", "Low temperatures failed in the old town: the pipes are too narrow."),
    (4, "question", "", "Was tun, wenn das Netz an der Stadtgrenze endet?"),
    (5, "challenge", "Metering data", "The supplier does not share metering data below the level of a district."),
    (5, "challenge", "Metering data", "Metering data comes as PDF and we type it again."),
    (
        5,
        "success",
        "Metering data",
        "Data flows since there is a written agreement with the supplier on metering data.",
    ),
    (5, "challenge", "Metering data", "Los datos de consumo no se comparten; falta un acuerdo de datos."),
    (5, "challenge", "People leave", "Our manager left and the knowledge left with her."),
    (5, "next", "People leave", "Two managers in one year: write the knowledge down before they go."),
)
# statement, places in NOTES, sureness, kind of learning, advice, themes, for whom, confirmed
INSIGHTS = (
    ("Meetings come last: go first where people already are", (0, 1, 2), Sureness.LIKELY, "social", True,
     ("democracy-participation",), ("twins", "everybody"), True),
    ("Young people bring the topic into homes that no campaign reaches", (3, 4), Sureness.OPEN, "social", False,
     ("democracy-participation", "social-innovation"), ("everybody",), True),
    ("Departments work together when the shared task has a budget of its own", (6, 7, 8), Sureness.LIKELY, "social", True,
     ("governance-policy",), ("twins", "hosts"), True),
    ("Without a guarantee small cities get no loans for many small projects", (11, 12, 13, 14), Sureness.FIRM, "technical",
     False, ("finance-funding",), ("authorities", "programme"), True),
    ("Permits, not pipes, decide how fast heating changes", (16, 17, 18), Sureness.LIKELY, "conceptual", False,
     ("governance-policy", "built-environment"), ("authorities",), True),
    ("Ask for metering data in writing before the project begins", (25, 26, 27, 28), Sureness.FIRM, "technical", True,
     ("learning-capabilities", "energy-systems"), ("twins",), True),
    ("People sign for district heating when they can check its price", (21, 22), Sureness.OPEN, "conceptual", False,
     ("energy-systems",), ("hosts",), False),
)  # fmt: skip
RECOMMENDATIONS = (
    ("Let small cities pool their guarantees, and ask the programme to bring one bank to the table.", (3,)),
    ("Put a model agreement on metering data into the first months of the next cohort.", (5,)),
    ("Begin with places where people already meet; count whom a meeting did not reach.", (0, 1)),
)
INTRODUCTION = (
    "Six rooms, one for each cluster. Facilitators reported what their clusters had found; then pilots and twins spoke for "
    "twenty minutes in each room. Harvesters wrote one note for each remark."
)
PRESENT, QUIET, MOST_SPEAKERS = 3, 3, 17  # every third city came; of these every third said nothing
QUOTATIONS = 4


def tell_what_was_found(session: Session, themes: tuple[str, ...], *, by: User, now: datetime) -> None:
    """Rooms, people, notes and votes on the board of a session that is not closed yet."""
    rooms = add_rooms(session, themes, parts=[1], by=by, now=now, least=1, most=30)
    invite_roster(session, by=by, now=now)
    guests = list(session.guests.exclude(city=None).order_by("city__slug", "pk"))
    here, away = guests[::PRESENT], [guest for place, guest in enumerate(guests) if place % PRESENT]
    Guest.objects.filter(pk__in=[guest.pk for guest in here]).update(state=GuestState.HERE)
    Guest.objects.filter(pk__in=[guest.pk for guest in away]).update(state=GuestState.AWAY)
    agreed = [guest.pk for place, guest in enumerate(here) if place % 4]
    Guest.objects.filter(pk__in=agreed).exclude(name="").update(consented_at=now)
    board = open_board(session)
    board.votes_each = 3
    board.save()
    speakers = [guest for place, guest in enumerate(here) if place % QUIET]
    codes, placed = [], [0] * len(themes)
    for place, (room, topic, group, text) in enumerate(NOTES):
        speaker = speakers[place * 5 % min(MOST_SPEAKERS, len(speakers))]
        where = {
            "x": 40 + placed[room] % COLUMNS * (CARD + GAP),
            "y": 40 + placed[room] // COLUMNS * 180,
            "room": rooms[room].code,
        }
        placed[room] += 1
        code = act(speaker, "write_note", {"text": text, "topic": topic, **where}, now=now).data["note"]
        if group:
            act(speaker, "group_note", {"note": code, "name": group}, now=now)
        codes.append(code)
    for place, guest in enumerate(here):
        for step in range(3):
            act(guest, "vote", {"note": codes[(place * 7 + step * 11) % len(codes)]}, now=now)
    Note.objects.filter(board=board).update(is_example=True)


def report_what_was_found(session: Session, *, by: User, now: datetime) -> None:
    """Insights, one of them a draft, and the published report."""
    notes = list(Note.objects.filter(board__session=session).select_related("board__session").order_by("pk"))
    insights = [_insight(session, notes, row, by=by, now=now) for row in INSIGHTS]
    report = open_report(session)
    introduce_report(report, INTRODUCTION, by=by, now=now)
    for text, places in RECOMMENDATIONS:
        recommend(report, text, [insights[place] for place in places], by=by, now=now)
    agreed = [note for note in quotable_notes(report) if note.topic in ("success", "method", "next")]
    quote_notes(report, agreed[:QUOTATIONS], by=by, now=now)
    SessionReport.objects.filter(pk=report.pk).update(is_example=True)
    publish_report(report, by=by, now=now)


def _insight(session: Session, notes: list[Note], row: tuple, *, by: User, now: datetime) -> Insight:
    statement, places, sureness, learning, is_advice, themes, audiences, confirmed = row
    insight = make_insight(
        session,
        [notes[place] for place in places],
        by=by,
        now=now,
        origin=InsightOrigin.SUGGESTED if len(places) > 3 else InsightOrigin.BY_HAND,
        statement=statement,
        sureness=sureness,
        learning=Term.objects.of("learning_types").get(code=learning),
        is_advice=is_advice,
        themes=Term.objects.filter(vocabulary__slug__in=("fields_of_action_ccc", "levers_of_change"), code__in=themes),
        audiences=Term.objects.of("insight_audiences").filter(code__in=audiences),
    )
    Insight.objects.filter(pk=insight.pk).update(is_example=True)
    insight.refresh_from_db()
    return move_insight(insight, "confirm", by=by, now=now) if confirmed else insight
