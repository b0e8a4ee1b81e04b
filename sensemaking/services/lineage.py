"""Links beyond a session: an insight said again in a later round, and what cities build on insights."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outputs.models import PlanAction, TransferCandidate
from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Insight, LineageLink
from ..states import InsightState, LinkKind

BuiltOn = PlanAction | TransferCandidate


@transaction.atomic
def continue_insight(earlier: Insight, later: Insight, *, by, now: datetime.datetime) -> LineageLink:
    """Say that a later round says again what an earlier one said. Time runs one way, so links never run in a circle."""
    if earlier.session.held_on >= later.session.held_on:
        raise Refused(_("The second insight has to be of a later session."))
    if not (earlier.stands and later.stands):
        raise Refused(_("This insight was withdrawn or merged into another."))
    link, is_new = LineageLink.objects.get_or_create(
        kind=LinkKind.CONTINUES, insight=earlier, to_insight=later, defaults={"made_by": by, "made_at": now}
    )
    if is_new:
        record(later, "sensemaking.insight.continues", by=by, at=now, data={"earlier": str(earlier)[:200]})
    return link


@transaction.atomic
def build_on(insight: Insight, row: BuiltOn, *, by, now: datetime.datetime) -> LineageLink:
    """Say that an action or a practice to transfer grew from a confirmed insight. Said twice, it is there once."""
    insight = Insight.objects.select_for_update(of=("self",)).get(pk=insight.pk)
    if insight.state != InsightState.CONFIRMED:
        raise Refused(_("Only a confirmed insight can be built on."))
    if row.removed_at:
        raise Refused(_("This row was removed."))
    kind, end = kind_of_row(row)
    link, is_new = LineageLink.objects.get_or_create(
        kind=kind, insight=insight, **{end: row}, defaults={"made_by": by, "made_at": now}
    )
    if is_new:
        record(insight, "sensemaking.insight.built_on", by=by, at=now, data={"what": str(row)[:200]})
    return link


def kind_of_row(row: BuiltOn) -> tuple[str, str]:
    """(kind of the link, its end) for this kind of row."""
    return (LinkKind.ACTION, "to_action") if isinstance(row, PlanAction) else (LinkKind.CANDIDATE, "to_candidate")


@transaction.atomic
def unlink(link: LineageLink, *, by, now: datetime.datetime) -> None:
    """Take back that something was built on, or that one insight continues another."""
    insight = link.insight
    what = str(link.to_action or link.to_candidate or link.to_insight or "")
    link.delete()
    record(insight, "sensemaking.insight.unlinked", by=by, at=now, data={"what": what[:200]})
