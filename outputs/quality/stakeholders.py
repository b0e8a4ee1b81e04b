"""Rules of the Stakeholder Engagement Plan."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ..kinds import HIGH
from ..states import StakeholderKind, StakeholderPart
from .checks import Check, Level, Row, Rows, table_anchor


def check_stakeholders(rows: Rows, section: str) -> Iterator[Check]:
    if section == "register":
        yield from _check_register(rows.of("stakeholders"), section)
    if section == "readiness":
        for row in rows.of("readiness"):
            if not row.value("at_start"):
                text = _("%(row)s: rate it at the start") % {"row": row.label}
                yield row.check(Level.HINT, text, "at_start", rule="readiness-start")


def _check_register(stakeholders: list[Row], section: str) -> Iterator[Check]:
    present = {(slug, row.value(slug)) for row in stakeholders for slug in ("kind", "part")}
    for rule, text, wanted in (
        (
            "own-department",
            _("An own department besides the climate office is involved"),
            ("kind", StakeholderKind.OWN_DEPARTMENT),
        ),
        ("decision-maker", _("At least one stakeholder decides about the transfer"), ("part", StakeholderPart.DECIDES)),
        ("affected-group", _("At least one stakeholder is affected by it"), ("part", StakeholderPart.AFFECTED)),
    ):
        is_met = wanted in present
        yield Check(Level.HINT, text, section, table_anchor("stakeholders"), is_met=is_met, rule=rule)
    for row in stakeholders:
        if row.value("influence") < str(HIGH):
            continue
        for slug, text in (
            ("action", _("%(row)s has high influence: say what you will do")),
            ("owner", _("%(row)s has high influence: name who does it")),
        ):
            if not row.value(slug):
                yield row.check(Level.ERROR, text % {"row": row.name}, slug)
        if not row.value("due_on"):
            text = _("%(row)s has high influence: say until when") % {"row": row.name}
            yield row.check(Level.HINT, text, "due_on", rule="influential-until")
