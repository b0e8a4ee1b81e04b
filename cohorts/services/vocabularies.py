"""The controlled lists that the project ships: emission domains, levers of change and others."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from .. import models

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "vocabulary.json"


def shipped_vocabularies() -> dict[str, dict[str, Any]]:
    """Vocabulary id -> `title`, `source` and `terms` as (code, label) pairs."""
    lists = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {
        slug: {"title": entry["title"], "source": entry["source"], "terms": [_term(item) for item in entry["items"]]}
        for slug, entry in lists.items()
        if not slug.startswith("_")
    }


def _term(item: str | dict[str, str]) -> tuple[str, str]:
    """Most lists are plain labels; country codes stay as they are, other labels become codes."""
    if isinstance(item, dict):
        return item["code"], item["label"]
    return (item if item.isupper() else slugify(item)[:80]), item


@transaction.atomic
def load_vocabularies(vocabulary_model: Any = models.Vocabulary, term_model: Any = models.Term) -> list[str]:
    """Create the shipped vocabularies that are not there yet; returns their ids.

    A vocabulary that exists is left alone, whatever people have made of it. Migrations hand in their own
    models.
    """
    shipped = shipped_vocabularies()
    present = set(vocabulary_model.objects.filter(slug__in=shipped).values_list("slug", flat=True))
    missing = [slug for slug in shipped if slug not in present]
    if not missing:
        return []
    created = vocabulary_model.objects.bulk_create(
        vocabulary_model(slug=slug, title=shipped[slug]["title"], source=shipped[slug]["source"]) for slug in missing
    )
    term_model.objects.bulk_create(
        term_model(vocabulary=vocabulary, code=code, label=label, position=position)
        for vocabulary in created
        for position, (code, label) in enumerate(shipped[vocabulary.slug]["terms"], start=1)
    )
    return missing
