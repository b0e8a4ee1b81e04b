"""What needs somebody, worst first. Each item says what, why and since when, and carries the address that settles it.

Every source asks one query, whatever the size: it reads a few rows and counts the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Cohort, Event, FacilitatorAssignment, Pairing, PairingAnswer, Participation, host_label
from cohorts.selectors.cohorts import CountBeside, EventOfPairings
from cohorts.states import OPEN_PAIRING, AnswerKind, EventKind, EventState, PairingState, Side
from matching.models import Run
from matching.selectors.rematching import is_rematch
from matching.states import RunState
from outputs.models import Document, Output, Reminder
from outputs.selectors.desk import late_outputs, submitted_to
from outputs.states import DocumentState

SHOWN = 5  # single items of one source; what lies beyond is counted
LOOK_AHEAD = timedelta(days=60)  # a visit within so many days should have its day agreed
Waits = Mapping[str, int]  # by `decisions_in`
BROKEN, LATE, WAITING, UNDECIDED, UNPLANNED = 5, 4, 3, 2, 1


@dataclass(frozen=True, slots=True)
class Todo:
    """Fits the component `todo`. `severity`: higher is worse; `since`: when it began to wait."""

    title: str
    detail: str
    url: str
    action: str | Promise
    tone: str
    severity: int
    since: date | None = None
    glyph: str = ""


def in_order(todos: Iterable[Todo]) -> list[Todo]:
    """Worst first, then the longest waiting, then by name."""
    return sorted(todos, key=lambda todo: (-todo.severity, todo.since or date.max, todo.title))


def todos_for_cohort(
    cohort: Cohort, user, common: list[Event], of_pairings: list[EventOfPairings], *, waits: Waits, today: date
) -> list[Todo]:
    """What a cohort needs from this reader. At most five queries.

    `common` and `of_pairings`: the events of the cohort as its selectors read them. `waits`: what those who run the
    cohort have to decide, by `decisions_in`; empty for others.
    """
    late = late_outputs(user, today).filter(participation__cohort=cohort)
    waiting = submitted_to(user).filter(participation__cohort=cohort)
    todos = [*late_todos(late, today), *review_todos(waiting, today)]
    if waits:
        todos += decision_todos(cohort, waits)
    if user.steers:
        todos += kickoff_todos(cohort)
    visits = [event for event in of_pairings if event.kind == EventKind.SITE_VISIT]
    todos += visit_todos((row.number, row.without_hour, row.first_without_hour) for row in visits)
    return in_order(todos + unheld_todos(common, today))


def late_todos(late: models.QuerySet[Output], today: date) -> list[Todo]:
    reminders = Reminder.objects.filter(output=models.OuterRef("pk")).order_by("-sent_at")
    rows = _first(
        late.values(
            "code",
            "extended_until",
            output=models.F("label"),
            due=models.F("effective_due_on"),
            city=models.F("participation__city__name"),
            cohort=models.F("participation__cohort__slug"),
            reminded_at=models.Subquery(reminders.values("sent_at")[:1]),
        )
    )
    todos = [
        Todo(
            title=_("%(output)s late: %(city)s") % row,
            detail=_late_words(row, today),
            url=reverse("outputs:output-detail", args=[row["code"]]),
            action=_("Open"),
            tone="late",
            severity=LATE,
            since=row["due"],
        )
        for row in rows
    ]
    left_out = _left_out(rows)
    return [*todos, _more_late(left_out, rows[-1])] if left_out else todos


def _late_words(row: dict, today: date) -> str:
    days = (today - row["due"]).days
    words = ngettext("%(days)d day late.", "%(days)d days late.", days) % {"days": days}
    if row["extended_until"]:
        words = _("Extended to %(day)s.") % {"day": _day(row["extended_until"])} + " " + words
    if row["reminded_at"]:
        reminded_on = timezone.localtime(row["reminded_at"]).date()
        return words + " " + _("Last reminder on %(day)s.") % {"day": _day(reminded_on)}
    return words + " " + _("No reminder was sent.")


def _more_late(count: int, last: dict) -> Todo:
    title = ngettext("%(count)d more output is late", "%(count)d more outputs are late", count) % {"count": count}
    url = reverse("portal:cohort", args=[last["cohort"]]) + "?late=yes#pairings-heading"
    return Todo(title, "", url, _("Show"), "late", LATE, last["due"])


def review_todos(waiting: models.QuerySet[Output], today: date) -> list[Todo]:
    """Submitted outputs: one item for each kind, with the one that waits longest. One query, a few rows."""
    kind = ["position", "label"]
    oldest_first = models.Window(RowNumber(), partition_by=kind, order_by=["submitted_at", "pk"])
    oldest = waiting.annotate(nth=oldest_first, count=models.Window(models.Count("pk"), partition_by=kind))
    shown = ("position", "submitted_at", "label", "participation__city__name", "code", "count")
    # Put in order here: to ask for that too would have the database copy what it has counted.
    rows = sorted(oldest.filter(nth=1).order_by().values_list(*shown))
    return [_review_todo(*row, today=today) for _position, *row in rows]


def _review_todo(submitted_at: datetime, output: str, city: str, code: str, count: int, *, today: date) -> Todo:
    since = timezone.localtime(submitted_at).date()
    waits = ngettext("%(days)d day", "%(days)d days", (today - since).days) % {"days": (today - since).days}
    named = {"output": output, "city": city, "count": count, "waits": waits, "day": _day(since)}
    if count == 1:
        title = _("%(output)s of %(city)s waits for review") % named
        detail = _("Submitted on %(day)s, %(waits)s ago.") % named
        url = reverse("outputs:output-detail", args=[code])
    else:
        title = _("%(output)s: %(count)d wait for review") % named
        detail = _("The oldest for %(waits)s: %(city)s.") % named
        url = reverse("outputs:review-queue")
    return Todo(title, detail, url, _("Review"), "sent", WAITING, since)


def decision_todos(cohort: Cohort, waits: Waits) -> list[Todo]:
    """What those who run the cohort have to decide: re-match, match, announce, assign.

    One query, and one more each for what is declined or matched, where it is.
    """
    todos = declined_todos(cohort) if waits["declined"] else []
    todos += unpaired_todos(cohort)
    if waits["staged"]:
        todos += run_todos(cohort)
    if waits["unannounced"]:
        todos.append(_unannounced_todo(cohort, waits["unannounced"]))
    if waits["alone"]:
        todos.append(_alone_todo(cohort, waits["alone"]))
    return todos


def decisions_in(cohort: Cohort) -> dict[str, models.expressions.Combinable]:
    """For an aggregate of its open pairings: how many wait to be announced or are alone, are declined, how many runs are staged."""
    accompanied = FacilitatorAssignment.objects.current().values("pairing")
    return {
        "declined": CountBeside(_declined(cohort)),
        "staged": CountBeside(Run.objects.in_cohort(cohort).filter(state=RunState.STAGED)),
        "unannounced": models.Count("pk", filter=models.Q(state=PairingState.CONFIRMED)),
        "alone": models.Count("pk", filter=~models.Q(pk__in=accompanied)),
    }


def what_waits(cohort: Cohort) -> Waits:
    """The answers to `decisions_in`. One query."""
    return Pairing.objects.in_cohort(cohort).open().aggregate(**decisions_in(cohort))


def kickoff_todos(cohort: Cohort) -> list[Todo]:
    """For those who steer: a cohort without programme or kick-off has no calendar and no outputs."""
    if cohort.kickoff_on and cohort.programme_id:
        return []
    url = reverse("cohorts:kickoff-change", args=[cohort.slug])
    detail = _("Calendar and outputs come into being with it.")
    return [Todo(_("The cohort has no kick-off yet"), detail, url, _("Set"), "none", UNDECIDED, None, "calendar")]


def _declined(cohort: Cohort) -> models.QuerySet[PairingAnswer]:
    # Asked of each answer, not of all pairings: few are declined.
    is_open = models.Exists(Pairing.objects.in_cohort(cohort).open().filter(pk=models.OuterRef("pairing")))
    return PairingAnswer.objects.filter(is_open, answer=AnswerKind.DECLINED).order_by("at", "pk")


def declined_todos(cohort: Cohort) -> list[Todo]:
    """Pairings that a side has declined: nothing ends before somebody decides what follows."""
    sides = _declined(cohort).select_related("pairing__participation__city", "pairing__hosting__host")
    rows = list(sides.prefetch_related("pairing__hosting__host__host_cities__city"))
    todos = [
        Todo(
            title=_("%(who)s declined: re-match") % {"who": _decliner(row)},
            detail=row.reason,
            url=reverse("matching:rematch-plan", args=[cohort.slug]),
            action=_("Decide"),
            tone="late",
            severity=LATE,
            since=timezone.localtime(row.at).date(),
        )
        for row in rows[:SHOWN]
    ]
    return todos + ([_more_declined(len(rows) - SHOWN, rows[SHOWN], cohort)] if len(rows) > SHOWN else [])


def _decliner(row: PairingAnswer) -> str:
    return str(row.pairing.participation.city) if row.side == Side.TWIN else host_label(row.pairing.hosting.host)


def _more_declined(count: int, last: PairingAnswer, cohort: Cohort) -> Todo:
    title = ngettext("%(count)d more pairing is declined", "%(count)d more pairings are declined", count)
    url = reverse("matching:rematch-plan", args=[cohort.slug])
    return Todo(title % {"count": count}, "", url, _("Show"), "late", LATE, timezone.localtime(last.at).date())


def unpaired_todos(cohort: Cohort) -> list[Todo]:
    paired = Pairing.objects.open().values("participation")
    twins = Participation.objects.in_cohort(cohort).participating().exclude(pk__in=paired)
    rows = _first(twins.order_by("city__name", "pk").values("city__name"))
    url = reverse("matching:run-list", args=[cohort.slug])
    if len(rows) == 1:
        title = _("%(city)s has no host") % {"city": rows[0]["city__name"]}
        return [Todo(title, _("It has not been matched with anybody yet."), url, _("Match"), "none", UNDECIDED)]
    if rows:
        count = rows[0]["in_all"]
        title = ngettext("%(count)d twin has no host", "%(count)d twins have no host", count) % {"count": count}
        names = ", ".join(row["city__name"] for row in rows) + (" …" if _left_out(rows) else "")
        return [Todo(title, names, url, _("Match"), "none", UNDECIDED)]
    return []


def run_todos(cohort: Cohort) -> list[Todo]:
    """What was matched and waits: an accepted re-match first, else the youngest run."""
    accepted = models.Q(scenario=None) & ~models.Q(moves=[])
    staged = (
        Run.objects.in_cohort(cohort)
        .filter(state=RunState.STAGED)
        .order_by(models.Case(models.When(accepted, then=0), default=1), "-started_at", "-pk")
        .first()
    )
    if staged is None:
        return []
    since = timezone.localtime(staged.started_at).date()
    if is_rematch(staged):
        detail = _("Accepted on %(day)s; both sides still see their present pairing.") % {"day": _day(since)}
        url = reverse("matching:rematch-announce", args=[cohort.slug])
        return [Todo(_("A re-match waits to be announced"), detail, url, _("Announce"), "draft", UNDECIDED, since)]
    detail = _("Made on %(day)s; nothing is decided yet.") % {"day": _day(since)}
    title = _("A matching waits for a decision")
    return [Todo(title, detail, staged.get_absolute_url(), _("Decide"), "draft", UNDECIDED, since)]


def _unannounced_todo(cohort: Cohort, count: int) -> Todo:
    said = ngettext(
        "%(count)d pairing is confirmed and not announced", "%(count)d pairings are confirmed and not announced", count
    )
    url = reverse("cohorts:pairing-announce", args=[cohort.slug])
    detail = _("The cities and hosts do not know yet.")
    return Todo(said % {"count": count}, detail, url, _("Announce"), "draft", UNDECIDED)


def _alone_todo(cohort: Cohort, count: int) -> Todo:
    said = ngettext("%(count)d pairing has no facilitator", "%(count)d pairings have no facilitator", count)
    url = reverse("cohorts:facilitator-list", args=[cohort.slug])
    detail = _("Nobody reads what they submit.")
    return Todo(said % {"count": count}, detail, url, _("Assign"), "none", UNDECIDED)


def visits_without_hour(events: models.QuerySet[Event], today: date) -> models.QuerySet:
    """Visits that come soon and whose hour nobody has agreed: number of the visit, in how many pairings, the first day."""
    return (
        events.filter(
            kind=EventKind.SITE_VISIT,
            state=EventState.PLANNED,
            starts_at=None,
            pairing__state__in=OPEN_PAIRING,
            planned_on__range=(today, today + LOOK_AHEAD),
        )
        .values("number")
        .annotate(count=models.Count("pk"), first_on=models.Min("planned_on"))
        .order_by("number")
        .values_list("number", "count", "first_on")
    )


def visit_todos(visits: Iterable[tuple[int, int, date | None]]) -> list[Todo]:
    """One item for each visit of the programme: its number, in how many pairings it has no hour, the first day."""
    return [
        Todo(
            ngettext(
                "Visit %(number)d: no date agreed in %(count)d pairing",
                "Visit %(number)d: no date agreed in %(count)d pairings",
                count,
            )
            % {"number": number, "count": count},
            _("The programme has it around %(day)s.") % {"day": _day(first_on)},
            reverse("cohorts:pairing-list"),
            _("Plan"),
            "none",
            UNPLANNED,
            None,
            "visit",
        )
        for number, count, first_on in visits
        if count
    ]


def unheld_todos(common: list[Event], today: date) -> list[Todo]:
    """Events of the whole cohort that lie in the past and of which nobody said whether they took place."""
    unheld = [event for event in common if event.state == EventState.PLANNED and event.planned_on < today]
    return [
        Todo(
            _("Did it take place? %(event)s") % {"event": event.title},
            _("Planned for %(day)s.") % {"day": _day(event.planned_on)},
            event.get_absolute_url(),
            _("Note"),
            "none",
            UNPLANNED,
            event.planned_on,
            "calendar",
        )
        for event in unheld[:SHOWN]
    ]


def platform_todos(*, failed_letters: int, failed_documents: int) -> list[Todo]:
    """What failed in the background: letters that nobody took, documents that could not be made.

    No query where nothing failed.
    """
    todos = []
    if failed_letters:
        title = ngettext("%(count)d letter could not be sent", "%(count)d letters could not be sent", failed_letters)
        url = reverse("mail:letter-list") + "?state=failed"
        detail = _("The mail server refused several times.")
        todos.append(Todo(title % {"count": failed_letters}, detail, url, _("Show"), "late", BROKEN))
    if failed_documents:
        oldest = Document.objects.filter(state=DocumentState.FAILED).with_subject().order_by("queued_at", "pk").first()
        title = ngettext("%(count)d PDF could not be made", "%(count)d PDFs could not be made", failed_documents)
        if oldest is not None:  # or it was made just now
            url = oldest.subject.get_absolute_url()
            todos.append(Todo(title % {"count": failed_documents}, oldest.error, url, _("Open"), "late", BROKEN))
    return todos


def _first(rows: models.QuerySet) -> list[dict]:
    """The first of these rows (columns, not objects), each with `in_all`: how many there are in all. One query."""
    return list(rows.annotate(in_all=models.Window(models.Count("pk")))[:SHOWN])


def _left_out(rows: list[dict]) -> int:
    """How many the first rows leave out."""
    return rows[0]["in_all"] - len(rows) if rows else 0


def _day(day: date) -> str:
    return formats.date_format(day, "j F")
