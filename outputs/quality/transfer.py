"""Rules of the Transferability Assessment."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ..states import TAKEN_OVER, ConditionState, TransferVerdict
from .checks import Check, Level, Row, Rows, table_anchor

APART = ("different", "stretch")  # verdicts on two cities that deserve a word


def check_transfer(rows: Rows, section: str) -> Iterator[Check]:
    if section == "context":
        yield from _check_context(rows.of("context"))
    if section == "candidates":
        candidates = rows.of("candidates")
        verdicts = {row.value("verdict") for row in candidates}
        yield Check(
            Level.HINT,
            _("At least one practice is rejected or taken as inspiration only, with the reason"),
            section,
            table_anchor("candidates"),
            is_met=bool(verdicts & {TransferVerdict.REJECT, TransferVerdict.INSPIRE}),
            rule="not-everything",
        )
        for candidate in candidates:
            yield from _check_candidate(candidate, rows.below(candidate, "conditions"))


def _check_context(differences: list[Row]) -> Iterator[Check]:
    for row in differences:
        if row.value("verdict") in APART and not row.value("meaning"):
            text = _("%(row)s: the two cities are not alike; say what that means") % {"row": row.label}
            yield row.check(Level.HINT, text, "meaning", rule="difference-explained")


def _check_candidate(candidate: Row, conditions: list[Row]) -> Iterator[Check]:
    lowest, highest = candidate.value("cost_from"), candidate.value("cost_to")
    if lowest and highest and Decimal(lowest) > Decimal(highest):
        text = _("%(row)s: the lowest cost is above the highest") % {"row": candidate.name}
        yield candidate.check(Level.ERROR, text, "cost_from")
    unrated = sum(not row.value("at_home") for row in conditions)
    if unrated:
        words = ngettext_lazy(
            "%(row)s: %(n)d condition is not rated", "%(row)s: %(n)d conditions are not rated", unrated
        )
        yield candidate.check(Level.HINT, words % {"row": candidate.name, "n": unrated}, rule="conditions-rated")
    for row in conditions:
        if row.value("at_home") == ConditionState.MISSING and not row.value("plan"):
            text = _("%(row)s is missing: say how you close the gap, or why you stop") % {"row": row.name}
            yield row.check(Level.ERROR, text, "plan")
    if candidate.value("verdict") in TAKEN_OVER:
        for slug, text in (
            ("adaptation", _("%(row)s: say what must be adapted, or that nothing must")),
            ("host_result", _("%(row)s: say what it achieved at the host")),
            ("confidence", _("%(row)s: say how sure you are")),
        ):
            if not candidate.value(slug):
                yield candidate.check(Level.HINT, text % {"row": candidate.name}, slug, rule=f"candidate-{slug}")
