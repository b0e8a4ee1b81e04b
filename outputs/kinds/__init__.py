"""The five kinds of output as data: sections, fields, tables, limits. Proposed by this project, not the programme's own forms."""

from .plan import ACTION_PLAN, FIRST_STEP_MONTHS
from .roadmap import (
    FEWEST_OBJECTIVES,
    HOST_OBJECTIVES,
    LEARNING_ROADMAP,
    MOST_DOMAINS,
    MOST_OBJECTIVES,
    OBJECTIVE_WORDS,
    OBJECTIVES,
    ROADMAP,
)
from .session import INFO_SESSION
from .spec import Column, Field, Kind, Part, Section, Table, Words, Writer
from .stakeholders import HIGH, STAKEHOLDER_PLAN
from .transfer import TRANSFERABILITY_ASSESSMENT

__all__ = [
    "FED_BY_IDEAS",
    "FEWEST_OBJECTIVES",
    "FIRST_STEP_MONTHS",
    "HIGH",
    "HOST_OBJECTIVES",
    "KINDS",
    "MOST_DOMAINS",
    "MOST_OBJECTIVES",
    "OBJECTIVES",
    "OBJECTIVE_WORDS",
    "ROADMAP",
    "WRITTEN_BY_HOSTS_TOO",
    "Column",
    "Field",
    "Kind",
    "Part",
    "Section",
    "Table",
    "Words",
    "Writer",
    "kind_of",
]

KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (LEARNING_ROADMAP, STAKEHOLDER_PLAN, TRANSFERABILITY_ASSESSMENT, ACTION_PLAN, INFO_SESSION)
}
WRITTEN_BY_HOSTS_TOO = (ROADMAP,)
FED_BY_IDEAS = (ROADMAP, TRANSFERABILITY_ASSESSMENT.slug)  # by what was noted on visits


def kind_of(slug: str) -> Kind:
    """The kind with this slug. Raises LookupError for one that the platform does not know."""
    try:
        return KINDS[slug]
    except KeyError:
        raise LookupError(f"There is no kind of output {slug!r}.") from None
