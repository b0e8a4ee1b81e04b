"""The report of a session: its content as one edition holds it, and that content with every reference resolved, to be read."""

import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twinning.core.pictures import board as pictures
from twinning.core.pictures import coverage as matrix

from ..models import Guest, LineageLink, Note, NoteLink, Session, SessionReport, Vote
from ..states import GuestState, LinkKind, SessionKind, Sureness, Topic
from .agenda import agenda_of
from .insights import InsightRow, insight_rows, notes_of
from .lineage import coverage_of, drawn_cities

Content = dict[str, Any]


def quotable_notes(report: SessionReport) -> QuerySet[Note]:
    """Notes whose author agreed to be quoted, and still does."""
    said = notes_of(report.session)
    return said.filter(author__consented_at__isnull=False, author__consent_withdrawn_at=None)


def has_report(session: Session) -> bool:
    """Whether an edition of its report is published."""
    return SessionReport.objects.filter(session=session, edition__gte=1).exists()


def report_content(report: SessionReport, *, edition: int, now: datetime) -> Content:
    """What an edition holds, as JSON values. Notes have numbers; everything that claims something names the numbers it rests on.

    About twenty-seven queries, however large the session is.
    """
    session = report.session
    rows = insight_rows(session.insights.confirmed().order_by("confirmed_at", "pk"))
    notes = _numbered(report, rows)
    numbers = {entry["code"]: entry["n"] for entry in notes}
    findings = [finding_content(number, row, numbers) for number, row in enumerate(rows, start=1)]
    earlier = said_before(rows)
    for finding, row in zip(findings, rows, strict=True):
        finding["earlier"] = earlier[row.insight.pk]
    of_insight = {row.insight.pk: finding for row, finding in zip(rows, findings, strict=True)}
    return {
        "language": translation.get_language() or "en",
        "edition": edition,
        "published_on": now.date().isoformat(),
        "title": session.title,
        "kind": session.kind,
        "held_on": session.held_on.isoformat(),
        "round": str(session.round or ""),
        "cohorts": [str(cohort) for cohort in session.cohorts.order_by("title", "pk")],
        "purpose": session.purpose,
        "is_example": session.is_example or report.is_example or any(row.insight.is_example for row in rows),
        "introduction": report.introduction,
        "agenda": _agenda(session),
        "questions": list(session.questions.filter(room=None).values_list("text", flat=True)),
        "who": _who(report),
        "rooms": _rooms(report, notes, findings),
        "findings": findings,
        "themes": _themes(findings),
        "recommendations": _recommendations(report, of_insight),
        "quotations": _quotations(report, numbers),
        "notes": notes,
        "coverage": _coverage(report),
    }


def _agenda(session: Session) -> list[Content]:
    """The points that were, with the hours at which they began where the session was. Editions of before have none of it."""
    zone = zoneinfo.ZoneInfo(session.time_zone)
    return [
        {
            "title": point.title,
            "minutes": point.minutes,
            "began": point.started_at.astimezone(zone).strftime("%H:%M"),
            "took": point.took,
        }
        for point in agenda_of(session).points
        if point.started_at
    ]


def _numbered(report: SessionReport, rows: Iterable[InsightRow]) -> list[Content]:
    """Notes of the session room by room as they lie on the board, then those of other sessions that findings rest on."""
    own = list(notes_of(report.session))
    own.sort(key=lambda note: (_room_order(note), str(note.group or "~"), note.y, note.x, note.written_at, note.pk))
    here = {note.pk for note in own}
    others = {note.pk: note for row in rows for note in row.notes if note.pk not in here}
    notes = [*own, *others.values()]
    votes = Counter(Vote.objects.filter(note__in=notes).order_by("pk").values_list("note", flat=True))
    numbers = {note.pk: number for number, note in enumerate(notes, start=1)}
    linked: dict[int, list[int]] = defaultdict(list)
    for one, other in NoteLink.objects.filter(one__in=own, other__in=own).order_by("pk").values_list("one", "other"):
        linked[one].append(numbers[other])
        linked[other].append(numbers[one])
    return [
        {
            "n": numbers[note.pk],
            "code": note.code,
            "room": note.room.code if note.room else "",
            "topic": note.topic,
            "text": note.text,
            "city": str(note.city) if note.city_id else "",
            "group": note.group.name if note.group_id else "",
            "votes": votes[note.pk],
            "linked": sorted(linked[note.pk]),
            "session": "" if note.pk in here else str(note.board.session),
        }
        for note in notes
    ]


def _room_order(note: Note) -> tuple[int, int]:
    return (note.room.part, note.room.position) if note.room else (0, 0)


def finding_content(number: int, row: InsightRow, numbers: dict[str, int]) -> Content:
    insight = row.insight
    return {
        "n": number,
        "code": insight.code,
        "statement": insight.statement,
        "explanation": insight.explanation,
        "learning": str(insight.learning or ""),
        "themes": [str(term) for term in insight.themes.all()],
        "audiences": [str(term) for term in insight.audiences.all()],
        "sureness": insight.sureness,
        "is_advice": insight.is_advice,
        "notes": sorted(numbers[note.code] for note in row.notes),
        "erased": row.erased,
        "cities": row.cities,
        "countries": row.countries,
        "votes": row.votes,
        "grounds": [[ground.label, ground.behind, ground.present] for ground in row.grounds],
    }


def said_before(rows: Iterable[InsightRow]) -> dict[int, list[Content]]:
    """Insight -> what earlier rounds said already."""
    links = LineageLink.objects.filter(kind=LinkKind.CONTINUES, to_insight__in=[row.insight.pk for row in rows])
    said: dict[int, list[Content]] = defaultdict(list)
    for link in links.select_related("insight__session").order_by("pk"):
        said[link.to_insight_id].append({"statement": link.insight.statement, "session": str(link.insight.session)})
    return said


def _who(report: SessionReport) -> Content:
    """Who was there: people by name only where they agreed to it; the others are counted. Cities are named."""
    guests = list(
        report.session.guests.exclude(state=GuestState.AWAY).select_related("city").order_by("city__name", "name", "pk")
    )
    marked = any(guest.state == GuestState.HERE for guest in guests)
    if marked:
        guests = [guest for guest in guests if guest.state == GuestState.HERE]
    cities: dict[int, Content] = {}
    others: Content = {"people": [], "unnamed": 0}
    for guest in guests:
        place = others
        if guest.city_id:
            name, country = str(guest.city), str(guest.city.country.name)
            place = cities.setdefault(guest.city_id, {"name": name, "country": country, "people": [], "unnamed": 0})
        if guest.may_be_named and guest.name:
            place["people"].append(_person(guest))
        else:
            place["unnamed"] += 1
    return {"marked": marked, "people": len(guests), "cities": list(cities.values()), "others": others}


def _person(guest: Guest) -> Content:
    return {"guest": guest.code, "name": guest.name, "role": guest.role, "organisation": guest.organisation}


def _rooms(report: SessionReport, notes: list[Content], findings: list[Content]) -> list[Content]:
    """Every room with its notes and the findings that rest on most of their notes there; the surface for all comes first
    where somebody wrote on it."""
    session = report.session
    of_room: dict[str, list[int]] = defaultdict(list)
    for note in notes:
        if not note["session"]:
            of_room[note["room"]].append(note["n"])
    room_of_note = {number: room for room, numbers in of_room.items() for number in numbers}
    found: dict[str, list[int]] = defaultdict(list)
    elsewhere: dict[str, list[int]] = defaultdict(list)
    for finding in findings:
        counted = Counter(room_of_note[number] for number in finding["notes"] if number in room_of_note)
        for place, (room, _count) in enumerate(counted.most_common()):
            (elsewhere if place else found)[room].append(finding["n"])
    rooms = [
        {
            "code": room.code,
            "name": str(room),
            "part": room.part,
            "questions": [question.text for question in room.questions.all()],
        }
        for room in session.rooms.prefetch_related("questions").order_by("part", "position")
    ]
    if of_room[""]:
        rooms.insert(0, {"code": "", "name": _("For all"), "part": 0, "questions": []})
    for room in rooms:
        code = room["code"]
        room |= {"notes": of_room[code], "findings": found[code], "also": elsewhere[code]}
    return rooms


def _themes(findings: Iterable[Content]) -> list[Content]:
    themes: dict[str, list[int]] = {}
    for finding in findings:
        for theme in finding["themes"]:
            themes.setdefault(theme, []).append(finding["n"])
    return [{"name": name, "findings": numbers} for name, numbers in sorted(themes.items())]


def _recommendations(report: SessionReport, of_insight: dict[int, Content]) -> list[Content]:
    """Each with the findings it rests on; what is not confirmed any more carries nothing."""
    links = LineageLink.objects.filter(kind=LinkKind.RECOMMENDED, to_recommendation__report=report).order_by("pk")
    rests: dict[int, list[Content]] = defaultdict(list)
    for recommendation, insight in links.values_list("to_recommendation", "insight"):
        if insight in of_insight:
            rests[recommendation].append(of_insight[insight])
    return [
        {
            "text": each.text,
            "findings": [finding["n"] for finding in rests[each.pk]],
            "notes": sorted({number for finding in rests[each.pk] for number in finding["notes"]}),
        }
        for each in report.recommendations.order_by("position", "pk")
    ]


def _quotations(report: SessionReport, numbers: dict[str, int]) -> list[Content]:
    """Chosen notes whose authors still agree."""
    chosen = quotable_notes(report).filter(uses__kind=LinkKind.QUOTATION, uses__to_report=report)
    return [{"note": numbers[code]} for code in chosen.values_list("code", flat=True)]


def _coverage(report: SessionReport) -> Content:
    coverage = coverage_of([report.session])
    return {
        "columns": coverage.columns,
        "rows": coverage.tabled,
        "notes": coverage.notes,
        "reached": coverage.reached,
        "unheard": [row.name for row in coverage.unheard],
    }


def missing_for(content: Content, *, is_private: bool) -> list[str]:
    """Why this content cannot be published yet, in sentences; empty where it can."""
    faults = []
    if not content["findings"]:
        faults.append(_("No insight of this session is confirmed yet."))
    if is_private:
        faults.append(_("Everybody still writes alone on the board. Reveal the notes first."))
    for finding in content["findings"]:
        if not finding["notes"]:
            faults.append(_("No note stands under finding %(n)d any more.") % {"n": finding["n"]})
    for number, recommendation in enumerate(content["recommendations"], start=1):
        if not recommendation["notes"]:
            faults.append(_("Recommendation %(n)d rests on no confirmed insight.") % {"n": number})
    return faults


# --- to be read -----------------------------------------------------------------------------------------------------------


@dataclass
class RoomToRead:
    slug: str  # names its picture
    name: str
    questions: list[str]
    findings: list[Content]
    also: list[Content]
    notes: list[Content]
    boards: list[pictures.BoardPicture]


@dataclass
class ReportToRead:
    """An edition with its references resolved. Notes carry the findings and recommendations that rest on them."""

    content: Content
    held_on: date
    published_on: date
    kind: str
    rooms: list[RoomToRead]
    findings: list[Content]
    themes: list[tuple[str, list[Content]]]
    recommendations: list[Content]
    quotations: list[Content]
    notes: list[Content]
    advice: list[Content] = field(default_factory=list)
    people: int = 0
    cities: int = 0
    coverage_columns: list[str] = field(default_factory=list)
    coverage_cities: list[matrix.City] = field(default_factory=list)


def read_report(content: Content) -> ReportToRead:
    """Words and pictures of an edition. Raises KeyError where a reference leads nowhere, which a test rules out."""
    notes = {note["n"]: note | note_words(note) for note in content["notes"]}
    findings = {each["n"]: read_finding(each, notes) for each in content["findings"]}
    for finding in findings.values():
        for note in finding["resting"]:
            note.setdefault("findings", []).append(finding["n"])
    rooms = [
        RoomToRead(
            slug=f"board-{place}",
            name=room["name"],
            questions=room["questions"],
            findings=[findings[number] for number in room["findings"]],
            also=[findings[number] for number in room["also"]],
            notes=[notes[number] for number in room["notes"]],
            boards=pictures.draw_board([_card(notes[number]) for number in room["notes"]]),
        )
        for place, room in enumerate(content["rooms"], start=1)
    ]
    return ReportToRead(
        content=content,
        held_on=date.fromisoformat(content["held_on"]),
        published_on=date.fromisoformat(content["published_on"]),
        kind=str(SessionKind(content["kind"]).label),
        rooms=[room for room in rooms if room.notes or room.findings or room.questions],
        findings=list(findings.values()),
        themes=[(theme["name"], [findings[number] for number in theme["findings"]]) for theme in content["themes"]],
        recommendations=[
            each | {"number": number, "resting": [findings[n] for n in each["findings"]]}
            for number, each in enumerate(content["recommendations"], start=1)
        ],
        quotations=[notes[each["note"]] for each in content["quotations"]],
        notes=list(notes.values()),
        advice=[finding for finding in findings.values() if finding["is_advice"]],
        people=content["who"]["people"],
        cities=len(content["who"]["cities"]),
        coverage_columns=content["coverage"]["columns"],
        coverage_cities=drawn_cities((row["name"], row["cells"]) for row in content["coverage"]["rows"]),
    )


def note_words(note: Content) -> Content:
    """What stands on paper for a note: a withdrawn one says so instead of its text."""
    is_erased = not note["text"]
    return {
        "label": str(Topic(note["topic"]).label),
        "shown": _("Withdrawn by its author") if is_erased else note["text"],
        "is_erased": is_erased,
    }


def _card(note: Content) -> pictures.Note:
    foot = []
    if note["votes"]:
        foot.append(ngettext("%(n)d vote", "%(n)d votes", note["votes"]) % {"n": note["votes"]})
    if note["linked"]:
        foot.append(_("with %(numbers)s") % {"numbers": ", ".join(map(str, note["linked"]))})
    return pictures.Note(
        number=note["n"],
        topic=note["topic"],
        label=note["label"],
        text=note["shown"],
        city=note["city"],
        foot=" · ".join(foot),
        group=note["group"],
    )


def read_finding(finding: Content, notes: dict[int, Content]) -> Content:
    return finding | {
        "resting": [notes[number] for number in finding["notes"]],
        "sure": str(Sureness(finding["sureness"]).label),
        "grounds": [
            {"label": label, "behind": behind, "present": present} for label, behind, present in finding["grounds"]
        ],
    }
