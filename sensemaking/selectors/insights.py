"""Reads of insights: the notes beside them, who stands behind them, rounds compared, advice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, HostCity, Participation, Term
from cohorts.models.vocabulary import DOMAINS, LEVERS
from twinning.core.words import fold

from ..clustering import Kin, Match, Remark, find_matches, suggest_clusters
from ..models import Guest, Insight, LineageLink, Note, Round, Session, Vote
from ..models.insight import AUDIENCES, LEARNING_TYPES, TOPICS
from ..states import GuestState, InsightState, LinkKind, NoteState

THEMES = (DOMAINS, LEVERS, TOPICS)
MOST_SUGGESTIONS = 40


@dataclass
class Remembered:
    """A note with the insights that it stands under."""

    note: Note
    insights: list[Insight] = field(default_factory=list)


@dataclass
class Ground:
    """How many cities of one group (twins, hosts, a cohort) stand behind an insight, of those that were there."""

    label: str
    behind: int
    present: int

    @property
    def percent(self) -> int:
        return round(100 * self.behind / self.present) if self.present else 0


@dataclass
class InsightRow:
    """An insight with the notes under it and who stands behind it.

    A city stands behind an insight when somebody of it said a note under it, or voted for one. Votes count people, so a
    big delegation weighs more; `common` is the share of cities in the group that agrees least: what only one side says
    ranks low, however many votes it has.
    """

    insight: Insight
    notes: list[Note] = field(default_factory=list)
    erased: int = 0  # notes whose author withdrew consent
    votes: int = 0
    cities: list[str] = field(default_factory=list)  # that said it
    countries: int = 0
    grounds: list[Ground] = field(default_factory=list)

    @property
    def common(self) -> int:
        return min((ground.percent for ground in self.grounds), default=0)

    @property
    def needs_reading(self) -> bool:
        return self.insight.to_reread_since is not None


def terms_for(vocabularies: Iterable[str]) -> QuerySet[Term]:
    return (
        Term.objects.in_use()
        .filter(vocabulary__slug__in=list(vocabularies))
        .select_related("vocabulary")
        .order_by("vocabulary__title", "position", "pk")
    )


def learning_types() -> QuerySet[Term]:
    return terms_for([LEARNING_TYPES])


def audiences() -> QuerySet[Term]:
    return terms_for([AUDIENCES])


def themes() -> QuerySet[Term]:
    return terms_for(THEMES)


def notes_of(session: Session) -> QuerySet[Note]:
    """The notes that stand on the session's board, room by room as they were written."""
    return (
        Note.objects.filter(board__session=session, state=NoteState.PLACED)
        .select_related("room", "city", "group", "author", "board__session")
        .order_by("room__part", "room__position", "written_at", "pk")
    )


def remembered(notes: Iterable[Note]) -> list[Remembered]:
    """Notes with the standing insights they are under. One query besides theirs."""
    rows = {note.pk: Remembered(note) for note in notes}
    links = (
        LineageLink.objects.filter(kind=LinkKind.EVIDENCE, note__in=list(rows))
        .filter(to_insight__state__in=(InsightState.DRAFT, InsightState.CONFIRMED))
        .select_related("to_insight")
        .order_by("pk")
    )
    for link in links:
        rows[link.note_id].insights.append(link.to_insight)
    return list(rows.values())


def insight_rows(insights: QuerySet[Insight]) -> list[InsightRow]:
    """These insights with their notes and agreement, in their order. At most eleven queries, however many there are."""
    found = list(
        insights.select_related(
            "session__round", "learning", "author", "confirmed_by", "proposed_by__city"
        ).prefetch_related(
            Prefetch("themes", Term.objects.order_by("vocabulary__title", "position", "pk")),
            Prefetch("audiences", Term.objects.order_by("position", "pk")),
        )
    )
    rows = {insight.pk: InsightRow(insight) for insight in found}
    links = (
        LineageLink.objects.filter(kind=LinkKind.EVIDENCE, to_insight__in=list(rows))
        .select_related("note__city", "note__room", "note__author", "note__board__session")
        .order_by("note__written_at", "note__pk")
    )
    of_note: dict[int, list[int]] = defaultdict(list)
    for link in links:
        if link.note.state == NoteState.PLACED:
            rows[link.to_insight_id].notes.append(link.note)
            of_note[link.note_id].append(link.to_insight_id)
        elif link.note.withdrawn_at:
            rows[link.to_insight_id].erased += 1
    behind: dict[int, set[int]] = defaultdict(set)
    for note, city in Vote.objects.filter(note__in=list(of_note)).order_by("pk").values_list("note", "guest__city"):
        for insight in of_note[note]:
            rows[insight].votes += 1
            behind[insight].add(city)
    present = {session: _present(session) for session in {insight.session for insight in found}} if found else {}
    for row in rows.values():
        _stand_behind(row, behind[row.insight.pk], present[row.insight.session])
    return list(rows.values())


def _stand_behind(row: InsightRow, voted: set[int], present: dict[str, set[int]]) -> None:
    cities = {note.city_id: note.city for note in row.notes if note.city_id}
    row.cities = sorted(str(city) for city in cities.values())
    row.countries = len({city.country.code for city in cities.values()})
    everybody = set(cities) | voted
    row.grounds = [Ground(label, len(everybody & group), len(group)) for label, group in present.items()]


def _present(session: Session) -> dict[str, set[int]]:
    """Group -> cities of it that were in the session: by cohort where there are several, else twins and hosts."""
    cities = {
        city
        for city in Guest.objects.filter(session=session)
        .exclude(state=GuestState.AWAY)
        .order_by("pk")
        .values_list("city", flat=True)
        if city
    }
    cohorts = list(session.cohorts.order_by("pk"))
    twins = Participation.objects.filter(cohort__in=cohorts, city__in=cities).order_by("pk")
    hosts = HostCity.objects.filter(host__hostings__cohort__in=cohorts, city__in=cities).order_by("pk")
    groups: dict[str, set[int]] = {}
    if len(cohorts) > 1:
        titles = {cohort.pk: str(cohort) for cohort in cohorts}
        for city, cohort in twins.values_list("city", "cohort"):
            groups.setdefault(titles[cohort], set()).add(city)
        for city, cohort in hosts.values_list("city", "host__hostings__cohort"):
            if cohort in titles:
                groups.setdefault(titles[cohort], set()).add(city)
    else:
        groups[str(_("Hosts"))] = set(hosts.values_list("city", flat=True))
        groups[str(_("Twins"))] = set(twins.values_list("city", flat=True)) - groups[str(_("Hosts"))]
    return {label: group for label, group in sorted(groups.items()) if group}


# --- suggestions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SuggestedCluster:
    """Notes that seem to say one thing, and the words that say so."""

    key: str
    notes: list[Note]
    kin: tuple[Kin, ...]
    likeness: int  # percent

    @property
    def cities(self) -> int:
        return len({note.city_id for note in self.notes if note.city_id})


def suggestions_for(session: Session) -> list[SuggestedCluster]:
    """Clusters among the notes that stand under no insight yet. Two queries. ValueError where there are too many notes."""
    loose = {row.note.code: row.note for row in remembered(notes_of(session)) if not row.insights}
    found = suggest_clusters(Remark(code, note.text) for code, note in loose.items())
    return [
        SuggestedCluster(each.keys[0], [loose[code] for code in each.keys], each.kin, round(100 * each.likeness))
        for each in found[:MOST_SUGGESTIONS]
    ]


# --- rounds compared ------------------------------------------------------------------------------------------------------


@dataclass
class Compared:
    """What two rounds say: only the later one, both, only the earlier one; and what may be the same without being linked."""

    earlier: Round
    later: Round
    new: list[InsightRow] = field(default_factory=list)
    persisting: list[tuple[InsightRow, InsightRow]] = field(default_factory=list)
    gone: list[InsightRow] = field(default_factory=list)
    maybe: list[tuple[InsightRow, InsightRow, Match]] = field(default_factory=list)


def compare_rounds(cohort: Cohort, earlier: Round, later: Round) -> Compared:
    """Confirmed insights of the cohort's two rounds. What is the same is what somebody linked; likeness only suggests."""
    rows = insight_rows(
        Insight.objects.in_cohort(cohort).confirmed().filter(session__round__in=[earlier, later]).order_by("pk")
    )
    before = {row.insight.pk: row for row in rows if row.insight.session.round_id == earlier.pk}
    after = {row.insight.pk: row for row in rows if row.insight.session.round_id == later.pk}
    links = LineageLink.objects.filter(kind=LinkKind.CONTINUES, insight__in=list(before), to_insight__in=list(after))
    pairs = list(links.order_by("pk").values_list("insight", "to_insight"))
    kept, again = {one for one, _other in pairs}, {other for _one, other in pairs}
    compared = Compared(earlier, later)
    compared.persisting = [(before[one], after[other]) for one, other in pairs]
    compared.gone = [row for pk, row in before.items() if pk not in kept]
    compared.new = [row for pk, row in after.items() if pk not in again]
    by_code = {row.insight.code: row for row in rows}
    for match in find_matches(_remarks(compared.gone), _remarks(compared.new)):
        compared.maybe.append((by_code[match.one], by_code[match.other], match))
    return compared


def _remarks(rows: Sequence[InsightRow]) -> list[Remark]:
    return [Remark(row.insight.code, f"{row.insight.statement} {row.insight.explanation}") for row in rows]


def rounds_with_insights(cohort: Cohort) -> list[tuple[Round, int]]:
    """(round, how many confirmed insights), in order. Two queries."""
    counted = Counter(
        Insight.objects.in_cohort(cohort).confirmed().order_by("pk").values_list("session__round", flat=True)
    )
    return [(each, counted[each.pk]) for each in Round.objects.filter(cohort=cohort).order_by("number")]


# --- advice -------------------------------------------------------------------------------------------------------------


def advice_for(cohort: Cohort) -> tuple[list[Insight], list[Insight]]:
    """(advice of other cohorts to this one, advice of this one to the next), confirmed, the newest first. Four queries.

    Advice is written to be read by other cohorts: its statement is shown to everybody of a cohort, its notes are not.
    """
    advice = (
        Insight.objects.confirmed()
        .filter(is_advice=True)
        .select_related("session__round", "learning")
        .prefetch_related(Prefetch("themes", Term.objects.order_by("position", "pk")), "session__cohorts")
        .order_by("-session__held_on", "-pk")
    )
    own = Insight.objects.in_cohort(cohort).values("pk")
    return list(advice.exclude(pk__in=own)), list(advice.filter(pk__in=own))


# --- chosen lists ---------------------------------------------------------------------------------------------------------


def notes_beside(session: Session, *, scope: str = "") -> list[Remembered]:
    """Every note of the workbench: of the session, or of all sessions of its round. Two queries."""
    if scope == "round" and session.round_id:
        sessions = Session.objects.filter(round=session.round_id).order_by("pk")
        notes = Note.objects.filter(board__session__in=sessions.values("pk"), state=NoteState.PLACED)
        listed = notes.select_related("room", "city", "group", "author", "board__session").order_by(
            "board__session__held_on", "room__part", "room__position", "written_at", "pk"
        )
        return remembered(listed)
    return remembered(notes_of(session))


def narrowed(rows: Iterable[Remembered], chosen: dict[str, str]) -> list[Remembered]:
    """The notes that a filter leaves: `room`, `topic`, `city`, `show` and `q`, each empty or a value."""
    words = fold(chosen.get("q", "").strip())
    wanted = {name: chosen.get(name, "") for name in ("room", "topic", "city", "show")}

    def fits(row: Remembered) -> bool:
        note = row.note
        found = {
            "room": note.room.code if note.room else "",
            "topic": note.topic,
            "city": str(note.city_id or ""),
            "show": "used" if row.insights else "loose",
        }
        return all(not value or found[name] == value for name, value in wanted.items()) and words in fold(note.text)

    return [row for row in rows if fits(row)]


def notes_to_export(session: Session) -> list[tuple[str, ...]]:
    """Code, room, topic, group, text, city, who said it if they agreed to be named, votes, insights. Three queries."""
    rows = notes_beside(session)
    notes = [row.note for row in rows]
    votes = Counter(Vote.objects.filter(note__in=notes).order_by("pk").values_list("note", flat=True))
    return [
        (
            row.note.code,
            str(row.note.room or ""),
            row.note.get_topic_display(),
            str(row.note.group or ""),
            row.note.text,
            str(row.note.city or ""),
            row.note.author.name if row.note.author and row.note.author.may_be_named else "",
            str(votes[row.note.pk]),
            "; ".join(insight.statement for insight in row.insights),
        )
        for row in rows
    ]


FACETS = {"round": "session__round", "theme": "themes", "learning": "learning", "audience": "audiences"}


def insights_listed(cohort: Cohort, user, chosen: dict) -> list[InsightRow]:
    """Insights of a cohort that the reader sees and that stand, narrowed and ordered as chosen."""
    listed = Insight.objects.in_cohort(cohort).standing().visible_to(user)
    for name, path in FACETS.items():
        if chosen.get(name):
            listed = listed.filter(**{path: chosen[name]})
    if chosen.get("sureness"):
        listed = listed.filter(sureness=chosen["sureness"])
    rows = insight_rows(listed.order_by("-session__held_on", "-pk"))
    if chosen.get("order") == "common":
        rows.sort(key=lambda row: (-row.common, -len(row.cities)))
    elif chosen.get("order") == "votes":
        rows.sort(key=lambda row: -row.votes)
    return rows


def insights_of(session: Session) -> list[InsightRow]:
    """Drafts and confirmed insights of a session, drafts first."""
    return insight_rows(session.insights.standing().order_by("-state", "pk"))
