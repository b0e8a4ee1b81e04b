"""What the two sides of a pairing say about it: accepted or declined, and later how well it fits."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused
from twinning.mail.services import queue_mail
from twinning.people.models import User

from ..models import FitStatement, Pairing, PairingAnswer, host_label
from ..states import AnswerKind, PairingState, Side

VERBS = {AnswerKind.ACCEPTED: "cohorts.pairing.accepted", AnswerKind.DECLINED: "cohorts.pairing.declined"}


@transaction.atomic
def answer_pairing(pairing: Pairing, *, side: str, answer: str, reason: str = "", by, now: datetime) -> PairingAnswer:
    """One side accepts or declines the announced pairing. Journals it.

    A decline tells the facilitators and the cohort's team, and ends nothing: they decide what follows. While the pairing
    is open a side may change its mind. Refused where nothing was asked, and for a decline without a reason.
    """
    pairing = (
        Pairing.objects.select_for_update(of=("self",))
        .select_related("participation__city", "participation__cohort", "hosting__host")
        .get(pk=pairing.pk)
    )
    if pairing.state != PairingState.ANNOUNCED or pairing.answer_by is None:
        raise Refused(_("Nobody is asked to answer for this pairing."))
    reason = reason.strip()
    if answer == AnswerKind.DECLINED and not reason:
        raise Refused(_("Say why you decline."))
    said = PairingAnswer.objects.filter(pairing=pairing, side=side).first() or PairingAnswer(pairing=pairing, side=side)
    if said.pk and said.answer == answer:
        raise Refused(_("That is the answer that your side has given already."))
    said.answer, said.reason, said.by, said.at = answer, reason, by, now
    said.full_clean()
    said.save()
    words = {"side": str(Side(side).label).lower(), "reason": reason}
    record(pairing, VERBS[AnswerKind(answer)], by=by, at=now, data=words)
    if answer == AnswerKind.DECLINED:
        _tell_team(pairing, said, now=now)
    return said


def _tell_team(pairing: Pairing, said: PairingAnswer, *, now: datetime) -> None:
    cohort = pairing.participation.cohort
    host = host_label(pairing.hosting.host)
    who = str(pairing.participation.city) if said.side == Side.TWIN else host
    for person in team_of(pairing):
        queue_mail(
            "pairing_declined",
            to=person,
            about=pairing,
            now=now,
            cohort_slug=cohort.slug,
            context={"pairing": pairing, "cohort": cohort, "host": host, "who": who, "reason": said.reason},
        )


def team_of(pairing: Pairing) -> list[User]:
    """Who accompanies the pairing, and who runs its cohort as a facilitator; each once, those who accompany first."""
    assigned = [row.user for row in pairing.assignments.current().select_related("user").order_by("-is_lead", "pk")]
    members = pairing.participation.cohort.team_members.select_related("user").order_by("pk")
    people = {person.pk: person for person in [*assigned, *(row.user for row in members)] if person.is_active}
    return list(people.values())


@transaction.atomic
def state_fit(pairing: Pairing, *, side: str, score: int, note: str = "", by, now: datetime) -> FitStatement:
    """Note how well the pairing fits as this side sees it now, 1 to 5. A second statement in a month replaces the first.

    Journals it. Refused before the pairing was announced.
    """
    pairing = Pairing.objects.select_for_update(of=("self",)).select_related("participation__cohort").get(pk=pairing.pk)
    if pairing.announced_at is None:
        raise Refused(_("The pairing is not announced yet."))
    month = _month_of(pairing, now)
    said = FitStatement.objects.filter(pairing=pairing, side=side, month=month).first()
    said = said or FitStatement(pairing=pairing, side=side, month=month)
    said.score, said.note, said.by, said.at = score, note.strip(), by, now
    said.full_clean()
    said.save()
    words = {"side": str(Side(side).label).lower(), "month": month}  # the other side reads the journal too
    record(pairing, "cohorts.fit.stated", by=by, at=now, data=words)
    return said


def _month_of(pairing: Pairing, now: datetime) -> int:
    """Full months since the kick-off, or since the announcement where there is no kick-off or it comes later."""
    cohort = pairing.participation.cohort
    zone = ZoneInfo(cohort.time_zone)
    began, today = localdate(pairing.announced_at, zone), localdate(now, zone)
    if cohort.kickoff_on and cohort.kickoff_on <= today:
        began = cohort.kickoff_on
    passed = relativedelta(today, began)
    return max(passed.years * 12 + passed.months, 0)
