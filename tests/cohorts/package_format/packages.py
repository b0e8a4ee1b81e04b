"""Packages to break: a small valid one, and the two real ones."""

import copy
import json
from pathlib import Path
from typing import Any

import cohorts
from cohorts.package_format import KnownCodes

FOLDER = Path(cohorts.__file__).parent / "data"
CODES = KnownCodes(
    domains=frozenset({"energy-systems", "built-environment", "mobility-transport"}),
    levers=frozenset({"governance-policy", "social-innovation"}),
)

_SMALL: dict[str, Any] = {
    "format": "twinning-cohort/1",
    "cohort": {
        "id": "cohort-9",
        "title": "Ninth cohort",
        "host_kind": "pilot_activity",
        "length_months": 18,
        "call_opens_on": "2026-01-10",
        "call_closes_on": "2026-03-01",
        "announced_on": None,
        "starts": "2026-05",
        "ends": "2027-11",
        "final_output_name": "Action Plan",
        "twin_rule": "",
        "counts": {"applications": 7, "selected": 2, "participating": None},
        "sources": ["https://example.org/call"],
    },
    "cities": [
        {
            "id": "lahti",
            "name": "Lahti",
            "country": "FI",
            "kind": "city",
            "latitude": 60.98267,
            "longitude": 25.66151,
            "population": 98826,
            "mission_city": True,
            "sources": ["GeoNames"],
        },
        {
            "id": "pristina",
            "name": "Prishtina",
            "country": "XK",
            "kind": "municipality",
            "latitude": None,
            "longitude": None,
            "population": None,
            "mission_city": False,
            "sources": [],
        },
    ],
    "hosts": [
        {
            "id": "c9-lahti",
            "kind": "pilot_activity",
            "title": "Lahti moves",
            "acronym": None,
            "pilot_cohort": 1,
            "cities": ["lahti"],
            "domains": ["mobility-transport"],
            "levers": [],
            "domains_inferred": ["built-environment"],
            "levers_inferred": ["governance-policy"],
            "summary": "Two lines\nof text",
            "capacity": {"minimum": 0, "maximum": 3},
            "sources": ["https://example.org/lahti"],
        }
    ],
    "twins": [
        {"city": "pristina", "status": "selected", "interests": "", "challenges": "", "offers": "", "sources": []}
    ],
    "pairings": [
        {
            "twin": "pristina",
            "host": "c9-lahti",
            "confidence": "published",
            "source": "https://example.org",
            "note": None,
        }
    ],
}


def small_package() -> dict[str, Any]:
    """A fresh valid package with one host, one twin, one pairing."""
    return copy.deepcopy(_SMALL)


def as_bytes(package: object) -> bytes:
    """Any JSON value as the bytes of a file; NaN and lone surrogates included."""
    return json.dumps(package).encode()


def real_package(name: str) -> bytes:
    """The bytes of a real package, as the project keeps it."""
    return (FOLDER / f"{name}.json").read_bytes()


def real_codes() -> KnownCodes:
    """The codes of the vocabulary that the project ships."""
    lists = json.loads((FOLDER / "vocabulary.json").read_text())
    return KnownCodes(
        domains=frozenset(item["code"] for item in lists["fields_of_action_ccc"]["items"]),
        levers=frozenset(item["code"] for item in lists["levers_of_change"]["items"]),
    )


def set_at(package: Any, steps: tuple[Any, ...], value: object) -> Any:
    """The package with the value at `steps` replaced; the package itself is changed and returned."""
    if not steps:
        return value
    place = package
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    return package


def steps_in(value: Any, steps: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [steps] + [place for step, entry in inner for place in steps_in(entry, (*steps, step))]
