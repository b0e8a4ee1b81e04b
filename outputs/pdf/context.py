"""What the printed page of a version needs. Reads the frozen content alone, besides the verdict it got."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .. import pictures
from ..models import OutputVersion
from ..selectors.reading import SectionToRead, read_content
from ..states import OutputState
from ..tables import read_tables
from .layout import PrintedTable, print_table

MOST_ON_COVER = 14  # lines of contents; more have a page of their own
MOST_IN_CONTENTS = 45  # rows named on the page of contents; longer tables are named alone


@dataclass
class SectionToPrint:
    """A section with its tables as they stand on paper and the pictures that belong to it."""

    text: SectionToRead
    tables: list[PrintedTable]
    drawn: dict[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return self.text.is_empty and not any(
            table.cards or table.facts or table.texts or (table.grid and table.grid.rows) for table in self.tables
        )

    @property
    def entries(self) -> list[tuple[str, int, str]]:
        """(code, number, name) of the rows that the page of contents names below this section."""
        cards = [(card.code, card.number, card.title) for table in self.tables for card in table.cards]
        named = cards or [(row.code, row.number, row.question) for row in self.text.objectives]
        return named if len(named) <= MOST_IN_CONTENTS else []


def print_context(version: OutputVersion) -> dict[str, Any]:
    content = version.content
    sections = sections_to_print(content)
    return {
        "version": version,
        "content": content,
        "twin": content["twin"],
        "host": content["host"],
        "sections": sections,
        "contents_on_cover": sum(1 + len(section.entries) for section in sections) <= MOST_ON_COVER,
        "document_language": version.language,
        "running_title": running_title(version),
        "state": state_of(version),
    }


def sections_to_print(content: dict[str, Any]) -> list[SectionToPrint]:
    tables = {section["slug"]: read_tables(section) for section in content["sections"]}
    return [
        SectionToPrint(
            text,
            [print_table(table) for table in tables[text.slug]],
            pictures.drawn_of(content, {table.slug for table in tables[text.slug] if table.rows}),
        )
        for text in read_content(content)
    ]


def running_title(version: OutputVersion) -> str:
    """What stands at the head of every page."""
    content = version.content
    number = _("version %(number)d") % {"number": version.number}
    parts = [content["label"], content["twin"]["name"], number]
    return " · ".join([*parts, state_of(version)])


def state_of(version: OutputVersion) -> str:
    """In which state this version was printed: decided, or as submitted."""
    decision = getattr(version, "decision", None)
    return decision.get_verdict_display() if decision else str(OutputState.SUBMITTED.label)
