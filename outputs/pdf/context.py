"""What the printed page of a version needs. Reads the frozen content alone, besides the verdict it got."""

from typing import Any

from django.utils.translation import gettext as _

from ..models import OutputVersion
from ..selectors.reading import read_content
from ..states import OutputState


def print_context(version: OutputVersion) -> dict[str, Any]:
    content = version.content
    return {
        "version": version,
        "content": content,
        "twin": content["twin"],
        "host": content["host"],
        "sections": read_content(content),
        "document_language": version.language,
        "running_title": running_title(version),
        "state": state_of(version),
    }


def running_title(version: OutputVersion) -> str:
    """What stands at the head of every page."""
    content = version.content
    parts = [content["label"], content["twin"]["name"], _("version %(number)d") % {"number": version.number}]
    return " · ".join([*parts, state_of(version)])


def state_of(version: OutputVersion) -> str:
    """In which state this version was printed: decided, or as submitted."""
    decision = getattr(version, "decision", None)
    return decision.get_verdict_display() if decision else str(OutputState.SUBMITTED.label)
