"""Figures, their bars, and how they are printed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `bar` is the most it may be; None where there is no bar."""

    part: str
    what: str
    value: float
    unit: str
    bar: float | None = None
    scale: str = ""  # how large the data was: 1x, 10x, 100x the real cohort
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        return "ok" if self.value <= self.bar else "over"


def as_table(figures: Iterable[Figure]) -> str:
    """The figures as a table of plain text."""
    rows = [("part", "what", "scale", "value", "unit", "at most", "", "note")]
    for figure in figures:
        bar = "" if figure.bar is None else f"{figure.bar:g}"
        value = f"{figure.value:,.2f}".rstrip("0").rstrip(".")
        rows.append((figure.part, figure.what, figure.scale, value, figure.unit, bar, figure.verdict, figure.note))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    right_aligned = {3, 5}
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in right_aligned else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def as_line(figure: Figure) -> str:
    """One figure, to be said while others are still being measured."""
    value = f"{figure.value:,.2f}".rstrip("0").rstrip(".")
    words = (figure.scale, figure.what, f"{value} {figure.unit}".strip(), figure.verdict, figure.note)
    return "; ".join(each for each in words if each)


def as_json(figures: Iterable[Figure]) -> list[dict]:
    return [asdict(figure) | {"verdict": figure.verdict} for figure in figures]
