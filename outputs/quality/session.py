"""Rules of the Internal Info Session."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ..states import GroupKind
from .checks import Check, Level, Rows, table_anchor

FEWEST_DEPARTMENTS = 3


def check_session(rows: Rows, section: str) -> Iterator[Check]:
    if section == "session":
        kinds = [row.value("kind") for row in rows.of("groups")]
        for rule, text, is_met in (
            (
                "departments",
                _("At least three departments were there"),
                kinds.count(GroupKind.DEPARTMENT) >= FEWEST_DEPARTMENTS,
            ),
            ("outside-partner", _("At least one outside partner was there"), GroupKind.PARTNER in kinds),
        ):
            yield Check(Level.HINT, text, section, table_anchor("groups"), is_met=is_met, rule=rule)
    if section == "follow-up":
        follow_ups = rows.of("follow_ups")
        yield Check(
            Level.ERROR,
            _("At least one follow-up has somebody who does it"),
            section,
            table_anchor("follow_ups"),
            is_met=any(row.value("owner") for row in follow_ups),
        )
        for row in follow_ups:
            if row.value("owner") and not row.value("due_on"):
                text = _("%(row)s: say until when") % {"row": row.name}
                yield row.check(Level.HINT, text, "due_on", rule="follow-up-until")
