"""A large package, the same for the same seed: 5,000 cities, 2,000 hosts, 5,000 twins and as many pairings.

python -m tests.helpers.big_package FILE [cities hosts twins]
"""

import json
import random
import sys
from pathlib import Path
from typing import Any

COUNTRIES = ["PT", "ES", "FR", "DE", "IT", "PL", "SE", "FI", "GR", "RO", "XK", "FO"]
DOMAINS = ["energy-systems", "built-environment", "mobility-transport", "waste-circular-economy"]
LEVERS = ["governance-policy", "social-innovation", "finance-funding", "learning-capabilities"]
WORDS = "heat solar retrofit tram citizens budget wełna façade παραλία şehir energy district river data loan".split()
SOURCES = ["https://example.org/a", "https://example.org/b"]


def big_package(cities: int = 5_000, hosts: int = 2_000, twins: int = 5_000, *, seed: int = 1) -> dict[str, Any]:
    """A valid package of that size as plain values; every city but the first `hosts` is a twin at most."""
    dice = random.Random(seed)
    city_ids = [f"city-{number:05}" for number in range(cities)]
    host_ids = [f"host-{number:05}" for number in range(hosts)]
    twin_ids = dice.sample(city_ids, twins)
    return {
        "format": "twinning-cohort/1",
        "cohort": {
            "id": f"big-{seed}",
            "title": "A cohort as large as none will ever be",
            "host_kind": "pilot_activity",
            "length_months": 18,
            "sources": SOURCES,
        },
        "cities": [_city(dice, city_id) for city_id in city_ids],
        "hosts": [_host(dice, host_id, city_ids) for host_id in host_ids],
        "twins": [_twin(dice, city_id) for city_id in twin_ids],
        "pairings": [_pairing(dice, twin_id, host_ids) for twin_id in twin_ids] if hosts else [],
    }


def _sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words))


def _city(dice: random.Random, city_id: str) -> dict[str, Any]:
    return {
        "id": city_id,
        "name": f"{dice.choice(WORDS).title()} {city_id[-5:]}",
        "country": dice.choice(COUNTRIES),
        "kind": "city",
        "latitude": round(dice.uniform(35, 70), 5),
        "longitude": round(dice.uniform(-10, 30), 5),
        "population": dice.randrange(5_000, 2_000_000),
        "mission_city": dice.random() < 0.1,
        "sources": SOURCES,
    }


def _host(dice: random.Random, host_id: str, city_ids: list[str]) -> dict[str, Any]:
    return {
        "id": host_id,
        "kind": "pilot_activity",
        "title": _sentence(dice, 8),
        "acronym": None,
        "pilot_cohort": 1,
        "cities": dice.sample(city_ids, min(len(city_ids), dice.choice([1, 1, 1, 3, 9]))),
        "domains": dice.sample(DOMAINS, 2),
        "levers": dice.sample(LEVERS, 2),
        "domains_inferred": dice.sample(DOMAINS, 1),
        "levers_inferred": dice.sample(LEVERS, 1),
        "summary": _sentence(dice, 40),
        "offers": [_sentence(dice, 12) for _ in range(3)],
        "challenges": [_sentence(dice, 12) for _ in range(3)],
        "expectations": [],
        "motivation": [],
        "capacity": {"minimum": 0, "maximum": dice.randrange(1, 5)},
        "sources": SOURCES,
    }


def _twin(dice: random.Random, city_id: str) -> dict[str, Any]:
    return {
        "city": city_id,
        "status": dice.choice(["selected", "confirmed", "active"]),
        "interests": _sentence(dice, 30),
        "challenges": _sentence(dice, 30),
        "offers": _sentence(dice, 10),
        "sources": SOURCES,
    }


def _pairing(dice: random.Random, twin_id: str, host_ids: list[str]) -> dict[str, Any]:
    return {
        "twin": twin_id,
        "host": dice.choice(host_ids),
        "confidence": "published",
        "source": SOURCES[0],
        "note": None,
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(
        json.dumps(big_package(*map(int, sys.argv[2:])), ensure_ascii=False, indent=1), encoding="utf-8"
    )
