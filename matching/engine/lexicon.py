"""Words by which a text speaks about a field of action or a lever of change.

General terms of the field for the codes of the shipped vocabulary; a code that is not listed is recognised by
the words of its own label. A tag read from a text is an inference: it counts half, and the page says which
word gave it. A city that states its choices never needs this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twinning.core.words import stem, words

from .text import stems

TERMS: Mapping[str, tuple[str, ...]] = {
    "energy-systems": (
        "energy", "electricity", "heat transition", "heat network", "district heating", "heating", "heat pump",
        "renewable", "solar", "photovoltaic", "wind", "geothermal", "biogas", "hydrogen", "power grid", "storage",
    ),
    "built-environment": (
        "building", "renovation", "retrofit", "refurbishment", "housing", "home", "apartment", "dwelling",
        "insulation", "construction", "facade", "district renovation",
    ),
    "mobility-transport": (
        "mobility", "transport", "traffic", "car", "cycling", "bicycle", "bike", "bus", "tram", "rail", "commuting",
        "walking", "active travel", "vehicle", "parking", "logistics", "charging",
    ),
    "waste-circular-economy": (
        "waste", "recycling", "circular", "reuse", "repair", "landfill", "compost", "bio economy", "bioeconomy",
        "material flow", "sorting",
    ),
    "green-infrastructure-nbs": (
        "green infrastructure", "nature", "biodiversity", "tree", "park", "forest", "wetland", "greening", "soil",
        "heat island", "cooling", "carbon sink", "rainwater",
    ),
    "industry": ("industry", "industrial", "manufacturing", "factory", "port", "process heat"),
    "technology-infrastructure": (
        "technology", "technical", "infrastructure", "digital", "digital twin", "sensor", "smart city", "data",
        "platform", "monitoring",
    ),
    "governance-policy": (
        "governance", "policy", "regulation", "law", "strategy", "planning", "permit", "procurement", "administration",
        "climate contract", "roadmap", "mandate",
    ),
    "social-innovation": (
        "behaviour", "habit", "lifestyle", "everyday life", "consumption", "community", "volunteer", "social",
        "neighbourhood", "energy poverty", "vulnerable",
    ),
    "democracy-participation": (
        "participation", "citizen", "resident", "engagement", "dialogue", "assembly", "co creation", "co design",
        "democracy", "civil society", "awareness",
    ),
    "finance-funding": (
        "finance", "funding", "investment", "investor", "loan", "bond", "grant", "subsidy", "bank", "budget",
        "business model", "fund",
    ),
    "learning-capabilities": (
        "learning", "training", "skill", "capacity building", "education", "knowledge", "peer exchange", "school",
        "university", "evaluation",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A tag read from a text, with the word that gave it."""

    code: str
    word: str


class Lexicon:
    """Recognises vocabulary codes in free text; ``labels`` limits it to the codes of one vocabulary."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._phrases = [
            (code, tuple(stems(phrase)))
            for code, label in sorted(labels.items())
            for phrase in TERMS.get(code) or tuple(words(label))
        ]

    def read(self, text: str) -> tuple[Reading, ...]:
        """Every code that the text speaks about, once, in order of code, with the words as written (folded)."""
        plain = words(text)
        folded = [stem(word) for word in plain]
        spoken, found = set(folded), dict[str, Reading]()
        for code, phrase in self._phrases:
            if code in found or not spoken.issuperset(phrase):
                continue
            at = _find(folded, phrase)
            if at >= 0:
                found[code] = Reading(code, " ".join(plain[at : at + len(phrase)]))
        return tuple(found.values())


def _find(tokens: list[str], phrase: tuple[str, ...]) -> int:
    if not phrase:
        return -1
    width = len(phrase)
    return next((at for at in range(len(tokens) - width + 1) if tuple(tokens[at : at + width]) == phrase), -1)
