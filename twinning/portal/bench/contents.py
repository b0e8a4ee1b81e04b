"""Invented contents of outputs, as large as asked for: what PDFs are measured and tried with. Always the same."""

import datetime
from itertools import cycle, islice
from typing import Any

from outputs.kinds import Column, Section, Table, kind_of

FIRST_DAY = datetime.date(2027, 3, 1)
NAMES = [
    "Advice office for owners in the old town",
    "Neighbourhood energy coaches",
    "Shared heat pumps for rows of houses",
    "Revolving fund for renovation",
    "Solar roofs on schools and sports halls",
    "One permit for insulation in protected streets",
    "Low-traffic blocks around the market",
    "Heat plan for the eastern districts",
    "Training for twelve local craft firms",
    "Round table with the grid operator",
]
SENTENCES = [
    "The city opens its doors on two afternoons a week and follows each household up to the signed contract.",
    "Partners meet every month and write down what they decided, who does it and until when.",
    "Where owners hesitate, a neighbour who has already renovated shows the bills of before and after.",
    "The council receives a short report twice a year with three figures and one open question.",
    "Costs are shared by the city, the utility and the region as agreed in the letter of last autumn.",
]
ROWS = {"stakeholders": 24, "candidates": 4, "actions": 30, "steps": 4, "costs": 3, "funding": 2, "indicators": 2}
OTHER_ROWS = 3


def example_content(
    kind: str, *, rows: dict[str, int] | None = None, language: str = "en", is_short: bool = False
) -> dict[str, Any]:
    """A content of format /2. `rows`: how many of which table, besides the usual numbers. `is_short`: only what must be
    filled in is."""
    form = kind_of(kind)
    return {
        "format": "twinning-output/2",
        "kind": kind,
        "label": str(form.label),
        "purpose": str(form.purpose),
        "language": language,
        "is_example": True,
        "due_on": "2028-01-31",
        "twin": {"name": "Fundão", "country": "Portugal"},
        "host": {
            "name": "Galway",
            "title": "Galway City Net Zero Pilot",
            "cities": [{"name": "Galway", "country": "Ireland"}],
        },
        "cohort": {"title": "Example cohort", "starts_on": "2026-09-15", "ends_on": "2028-03-14"},
        "writers": ["Example Officer"],
        "visits": [],
        "reasons": [],
        "sections": [_section(section, ROWS | (rows or {}), is_short) for section in form.sections],
    }


def _section(section: Section, counts: dict[str, int], is_short: bool) -> dict[str, Any]:
    content: dict[str, Any] = {
        "slug": section.slug,
        "title": str(section.title),
        "part": str(section.part),
        "fields": [
            {"slug": field.slug, "label": str(field.label), "text": " ".join(_sentences(number, 4))}
            for number, field in enumerate(section.fields)
        ],
        "tables": [],
    }
    if "objectives" in section.part:
        content["objectives"] = []
        return content
    if section.part == "terms":
        content |= {"domains": [{"code": "buildings", "label": "Buildings"}], "levers": []}
    codes: dict[str, list[str]] = {}
    for table in section.tables:
        parents = codes[table.parent] if table.parent else [""]
        written = [
            _row(table, parent, number, shift=7 * index, is_short=is_short)
            for index, parent in enumerate(parents)
            for number in range(1, _count(table, counts) + 1)
        ]
        codes[table.slug] = [row["code"] for row in written]
        content["tables"].append(
            {
                "slug": table.slug,
                "label": str(table.label),
                "parent": table.parent,
                "is_record": table.is_record,
                "columns": [_column(column) for column in table.columns],
                "rows": written,
            }
        )
    return content


def _count(table: Table, counts: dict[str, int]) -> int:
    return len(table.keys) if table.keys else counts.get(table.slug, OTHER_ROWS)


def _column(column: Column) -> dict[str, str]:
    content = {"slug": column.slug, "label": str(column.label), "control": column.control}
    return content | ({"unit": str(column.unit)} if column.unit else {})


def _row(table: Table, parent: str, number: int, *, shift: int, is_short: bool) -> dict[str, Any]:
    seed = number + shift
    key, label = table.keys[number - 1] if table.keys else ("", "")
    code = (
        f"{parent}.{key}"
        if parent and key
        else str(key) or f"{table.slug[:4]}{parent}{number}".upper().replace("_", "")
    )
    cells = {
        column.slug: ("", "") if is_short and _may_stay_empty(column) else _value(column, table, seed + place)
        for place, column in enumerate(table.columns)
    }
    return {
        "code": code,
        "label": str(label),
        "parent": parent,
        "position": number,
        "values": {slug: value for slug, (value, _words) in cells.items()},
        "labels": {slug: words for slug, (_value, words) in cells.items() if words},
    }


def _may_stay_empty(column: Column) -> bool:
    return not column.is_required and column.control in ("text", "line", "row", "number")


def _value(column: Column, table: Table, seed: int) -> tuple[str, str]:
    """(stored text, text in words where the stored one is a code)."""
    match column.control:
        case "choice" if column.choices:
            code, words = column.choices[seed % len(column.choices)]
            return str(code), str(words)
        case "scale":
            return str((seed * 3) % 5), ""
        case "whole":
            return str(2027 + seed % 4 if "year" in column.slug else seed % 40 + 1), ""
        case "money":
            return f"{seed % 17 * 12500 + 8000}.00", ""
        case "number":
            return str(seed * 12 % 500 + 3), ""
        case "date":
            return (FIRST_DAY + datetime.timedelta(days=seed * 23 % 700)).isoformat(), ""
        case "link":
            return f"https://intranet.example.org/twinning/{seed}", ""
        case "line":
            return (NAMES[seed % len(NAMES)] if column == table.title else f"Department {seed % 9 + 1}"), ""
        case "text":
            return " ".join(_sentences(seed, 1 + seed % 2)), ""
        case _:
            return f"X{seed}", NAMES[seed % len(NAMES)]


def _sentences(seed: int, count: int) -> list[str]:
    return list(islice(cycle(SENTENCES), seed % len(SENTENCES), seed % len(SENTENCES) + count))
