"""From a content to what its pictures are drawn of. Pure: the same for the page, the print and the PDF.

Each function returns what the tag of the same name in the library `pictures` takes; empty where there is nothing to draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from twinning.core.pictures import budget, conditions, gantt, influence

from .states import ConditionKind, FundingState, StepState
from .tables import NARROW_SPACE, RowToRead, TableToRead, amount_of, day_of, tables_of

CURRENCY = "EUR"


@dataclass(frozen=True)
class Money:
    """The money of one action, or of all: what it costs and where that comes from."""

    cost: Decimal
    granted: Decimal
    applied: Decimal

    @property
    def missing(self) -> Decimal:
        """What is neither granted nor applied for. Never less than nothing: too much money is no gap."""
        return max(self.cost - self.granted - self.applied, Decimal(0))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cost + other.cost, self.granted + other.granted, self.applied + other.applied)


def drawn_of(content: dict[str, Any], tables: set[str]) -> dict[str, Any]:
    """What the pictures of a section with these tables are drawn of."""
    drawn: dict[str, Any] = {}
    if "stakeholders" in tables:
        drawn["stakeholders"] = stakeholders_of(content)
    if "candidates" in tables:
        drawn["conditions"], drawn["candidates"] = conditions_of(content)
    if "actions" in tables:
        drawn["actions"] = actions_of(content)
        drawn["budgets"], drawn["money_kinds"] = budgets_of(content)
        drawn["money"] = money_table(content)
    return drawn


def stakeholders_of(content: dict[str, Any]) -> list[influence.Stakeholder]:
    return [
        influence.Stakeholder(
            row.number, row.title or _("(no name yet)"), _rating(row, "influence"), _rating(row, "interest")
        )
        for row in _rows(content, "stakeholders")
    ]


def conditions_of(content: dict[str, Any]) -> tuple[list[str], list[conditions.Candidate]]:
    """(names of the conditions, practices with their signs)."""
    candidates = [
        conditions.Candidate(
            row.number,
            row.title or _("(no name yet)"),
            tuple(_sign(row, kind) for kind in ConditionKind.values),
            row.words("verdict"),
        )
        for row in _rows(content, "candidates")
    ]
    return [str(kind.label) for kind in ConditionKind], candidates


def actions_of(content: dict[str, Any]) -> list[gantt.Action]:
    return [
        gantt.Action(row.number, row.title or _("(no name yet)"), *_span(row), _steps(row))
        for row in _rows(content, "actions")
    ]


def budgets_of(content: dict[str, Any]) -> tuple[list[budget.Budget], list[str]]:
    """(money of each action, words of the legend)."""
    budgets = []
    for row in _rows(content, "actions"):
        money = money_of(row)
        parts = tuple(
            budget.Part(kind, amount) for kind, amount in enumerate((money.granted, money.applied, money.missing))
        )
        whole = sum((part.amount for part in parts), Decimal(0))
        budgets.append(
            budget.Budget(row.number, row.title or _("(no name yet)"), parts, amount_in_words(whole) if whole else "")
        )
    return budgets, [_("Granted"), _("Applied for"), _("Not found yet")]


def money_of(action: RowToRead) -> Money:
    """What an action costs and what of it is granted or applied for. Refused money counts for nothing."""
    funding = action.rows_of("funding")
    return Money(
        cost=sum((amount_of(row.value("amount")) for row in action.rows_of("costs")), Decimal(0)),
        granted=_funded(funding, FundingState.GRANTED),
        applied=_funded(funding, FundingState.APPLIED),
    )


def money_in_all(content: dict[str, Any]) -> Money:
    nothing = Money(Decimal(0), Decimal(0), Decimal(0))
    return sum((money_of(row) for row in _rows(content, "actions")), nothing)


@dataclass(frozen=True)
class MoneyLine:
    """One line of the table of money, its amounts in words."""

    number: int  # 0: all together
    name: str
    amounts: tuple[str, ...]

    @property
    def figures(self) -> list[str]:
        """The amounts without their currency, for a table that names it once."""
        return [amount.removesuffix(f"{NARROW_SPACE}{CURRENCY}") for amount in self.amounts]


def money_table(content: dict[str, Any]) -> list[MoneyLine]:
    """Cost, granted, applied for and missing for each action, and for all together in the last line. Empty without money."""
    lines = [(row.number, row.title, money_of(row)) for row in _rows(content, "actions")]
    lines.append((0, _("All together"), money_in_all(content)))
    total = lines[-1][2]
    if not (total.cost or total.granted or total.applied):
        return []
    return [
        MoneyLine(
            number,
            name,
            tuple(
                amount_in_words(each) if each else "–"
                for each in (money.cost, money.granted, money.applied, money.missing)
            ),
        )
        for number, name, money in lines
    ]


def amount_in_words(amount: Decimal) -> str:
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, decimal_pos=places, force_grouping=True, use_l10n=True)}{NARROW_SPACE}{CURRENCY}"


def _rows(content: dict[str, Any], slug: str) -> list[RowToRead]:
    table: TableToRead | None = tables_of(content).get(slug)
    return table.rows if table else []


def _rating(row: RowToRead, slug: str) -> int | None:
    value = row.value(slug)
    return int(value) if value.isdecimal() else None


def _sign(candidate: RowToRead, kind: str) -> tuple[str, str]:
    row = next((row for row in candidate.rows_of("conditions") if row.code == f"{candidate.code}.{kind}"), None)
    return (row.value("at_home"), row.words("at_home")) if row else ("", "")


def _span(action: RowToRead) -> tuple:
    """First and last day of an action: those of its steps."""
    days = [
        day for row in action.rows_of("steps") for slug in ("starts_on", "ends_on") if (day := day_of(row.value(slug)))
    ]
    return (min(days), max(days)) if days else (None, None)


def _steps(action: RowToRead) -> tuple[gantt.Step, ...]:
    steps = []
    for row in action.rows_of("steps"):
        day = day_of(row.value("ends_on")) or day_of(row.value("starts_on"))
        if day:
            steps.append(gantt.Step(day, row.title, is_done=row.value("state") == StepState.DONE))
    return tuple(steps)


def _funded(funding: Sequence[RowToRead], state: str) -> Decimal:
    return sum((amount_of(row.value("amount")) for row in funding if row.value("state") == state), Decimal(0))
