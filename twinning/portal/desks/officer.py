"""The desk of whoever writes for a city: one next thing, the ladder of outputs, dates, who helps."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Event, FacilitatorAssignment, Membership, Pairing, Participation, host_label
from cohorts.selectors.both_sides import pairings_to_answer
from cohorts.states import MemberRole, Side
from outputs.models import Comment, Decision, Output
from outputs.selectors.desk import ACTIONS
from outputs.selectors.reviews import reopening_of
from outputs.states import OWED, Audience, OutputState, Verdict

from ..dates import DateRow, due_dates, merged, next_events
from ..standing import Standing
from .parts import Helper, SmallMap, Step, answer_step, facilitator_helpers, facilitators_of, host_helpers, map_of

EXCERPT = 240  # characters of a letter that the desk repeats


@dataclass(frozen=True, slots=True)
class Rung:
    """One output on the ladder. Fits the component `ladder`."""

    title: str
    state: str
    detail: str
    url: str
    action: str | Promise
    days_late: int = 0
    text: str = ""


@dataclass(frozen=True)
class OfficerDesk:
    participation: Participation
    month: int | None  # of the cohort
    pairing: Pairing | None
    host_name: str
    step: Step
    rungs: list[Rung]
    accepted: int
    dates: list[DateRow]
    helpers: list[Helper]
    map: SmallMap | None
    is_example: bool  # whether texts of these outputs are invented for the demo


def officer_desk(standing: Standing, today: date) -> OfficerDesk:
    """Twelve queries at most, whatever the size."""
    user = standing.user
    participation = Participation.objects.select_related("city", "cohort").get(pk=standing.acting.subject_id)
    pairing = _own_pairing(user, participation)
    outputs = list(
        Output.objects.visible_to(user)
        .filter(participation=participation)
        .with_participation()
        .order_by("position", "pk")
    )
    facilitators = facilitators_of([pairing] if pairing else [])
    events = Event.objects.visible_to(user).in_cohort(participation.cohort)
    events = events.filter(models.Q(pairing=None) | models.Q(pairing=pairing))
    return OfficerDesk(
        participation=participation,
        month=participation.cohort.month_on(today),
        pairing=pairing,
        host_name=host_label(pairing.hosting.host) if pairing else "",
        step=_answer_step(pairing) or _step(user, pairing, outputs, facilitators, today)
        if pairing
        else _unpaired_step(participation),
        rungs=[_rung(output, today) for output in outputs],
        accepted=sum(output.state == OutputState.ACCEPTED for output in outputs),
        dates=merged(next_events(events, today), due_dates([row for row in outputs if row.state in OWED], today)),
        helpers=[*facilitator_helpers(facilitators), *(host_helpers(pairing) if pairing else [])],
        map=map_of([pairing]) if pairing else None,
        is_example=any(output.is_example for output in outputs),
    )


def _own_pairing(user, participation: Participation) -> Pairing | None:
    own = Pairing.objects.visible_to(user).filter(participation=participation).open()
    return own.with_sides().order_by("pk").first()


def _unpaired_step(participation: Participation) -> Step:
    text = _("As soon as the pairing is announced you get a letter, and your outputs and dates appear here.")
    url = participation.cohort.get_absolute_url()
    return Step(_("Your host will be announced"), text, "", url, _("Open the cohort"))


def _answer_step(pairing: Pairing) -> Step | None:
    """First of all the city says whether it accepts the host, where it is asked and has not answered."""
    if not pairings_to_answer([pairing], Side.TWIN):
        return None
    return answer_step(pairing, host_label(pairing.hosting.host))


def _step(
    user, pairing: Pairing, outputs: list[Output], facilitators: list[FacilitatorAssignment], today: date
) -> Step:
    """The earliest that is owed; else what is being read; else that all is done."""
    owed = sorted((row for row in outputs if row.state in OWED), key=lambda row: (row.due, row.position))
    waiting = [row for row in outputs if row.state == OutputState.SUBMITTED]
    if owed:
        return _writing_step(owed[0], user, _members(pairing.participation), today)
    if waiting:
        return _waiting_step(waiting[0], facilitators)
    text = _("Everything that is due was handed in and accepted.")
    return Step(_("Nothing to write now"), text, "", pairing.get_absolute_url(), _("Open your pairing"))


def _members(participation: Participation) -> list[Membership]:
    return list(participation.memberships.current().select_related("user").order_by("role", "pk"))


TITLES = {
    OutputState.NOT_STARTED: lambda label: _("Begin your %(output)s") % {"output": label},
    OutputState.DRAFT: lambda label: _("Go on writing your %(output)s") % {"output": label},
    OutputState.SENT_BACK: lambda label: _("Make the changes to your %(output)s") % {"output": label},
}


def _writing_step(output: Output, user, members: list[Membership], today: date) -> Step:
    return Step(
        title=TITLES[output.state](output.label),
        text=_why_write(output, today),
        who=_who_writes(user, members),
        url=output.get_absolute_url(),
        action=ACTIONS[output.state],
        state=output.state,
        due_on=output.due,
        days_late=output.days_late(today),
    )


def _why_write(output: Output, today: date) -> str:
    if output.is_cut_off(today):
        return _("The cut-off has passed: ask your facilitator for an extension before you write on.")
    return _sent_back_words(output) if output.state == OutputState.SENT_BACK else str(output.form.purpose)


def _sent_back_words(output: Output) -> str:
    """Who sent it back or reopened it, and why; how many comments are open. Two queries, three once it was accepted."""
    decisions = Decision.objects.filter(version__output=output).select_related("decided_by")
    decision = decisions.order_by("-decided_at", "-pk").first()
    words = []
    if decision and decision.verdict == Verdict.ACCEPTED and (reopening := reopening_of(output)):
        sentence = _("%(person)s reopened it on %(day)s: “%(reason)s”")
        reason = _excerpt(reopening.data["reason"])
        words.append(sentence % {"person": reopening.by, "day": _day(reopening.at), "reason": reason})
    elif decision:
        sentence = _("%(person)s sent it back on %(day)s: “%(letter)s”")
        letter = _excerpt(decision.letter.strip())
        words.append(sentence % {"person": decision.decided_by, "day": _day(decision.decided_at), "letter": letter})
    count = Comment.objects.filter(output=output, audience=Audience.SHARED, solved_at=None, parent=None).count()
    if count:
        words.append(ngettext("%(count)d comment is open.", "%(count)d comments are open.", count) % {"count": count})
    return " ".join(words)


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _who_writes(user, members: list[Membership]) -> str:
    """Who must do it: any officer of the city may submit; the lead officer answers for it."""
    names = ", ".join(str(row.user) for row in members if row.user_id != user.pk)
    is_lead = any(row.user_id == user.pk and row.role == MemberRole.LEAD_OFFICER for row in members)
    if not names:
        return _("You write and submit it.")
    if is_lead:
        return _("You are the lead officer. %(names)s can write and submit it too.") % {"names": names}
    return _("You can write and submit it, and so can %(names)s.") % {"names": names}


def _waiting_step(output: Output, facilitators: list[FacilitatorAssignment]) -> Step:
    reader = str(facilitators[0].user) if facilitators else _("Your facilitator")
    text = _("You submitted it on %(day)s. You get a letter as soon as there is an answer.") % {
        "day": _day(output.submitted_at)
    }
    title = _("%(person)s reads your %(output)s") % {"person": reader, "output": output.label}
    return Step(title, text, "", output.get_absolute_url(), _("View it"), state=output.state)


def _rung(output: Output, today: date) -> Rung:
    return Rung(
        title=output.label,
        state=output.state,
        detail=_rung_words(output),
        url=output.get_absolute_url(),
        action=ACTIONS.get(output.state, _("View")),
        days_late=output.days_late(today),
    )


def _rung_words(output: Output) -> str:
    if output.state == OutputState.ACCEPTED:
        return _("Accepted on %(day)s.") % {"day": _day(output.accepted_at)}
    if output.state == OutputState.SUBMITTED:
        return _("Submitted on %(day)s.") % {"day": _day(output.submitted_at)}
    if output.state == OutputState.WAIVED:
        return output.waived_reason
    if output.extended_until:
        days = {"day": _day(output.due_on), "until": _day(output.extended_until)}
        return _("Due %(day)s, extended to %(until)s.") % days
    return _("Due %(day)s.") % {"day": _day(output.due_on)}


def _day(value: date | datetime) -> str:
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return formats.date_format(local, "j F Y")
