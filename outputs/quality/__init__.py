"""Is an output good enough? Rules over the content of a draft or version; plain data in, checks out, no database.

An error stops the submission; a hint does not, and can be answered with a reason. The rules are this project's proposal,
built from comparable templates.
"""

from collections.abc import Iterator
from dataclasses import replace

from ..kinds import Part, kind_of
from .checks import Check, Content, Level, Row, Rows, check_field, check_table, count_words, table_anchor, too_long
from .plan import check_plan
from .roadmap import check_roadmap, is_question
from .session import check_session
from .stakeholders import check_stakeholders
from .transfer import check_transfer

__all__ = [
    "Check",
    "Content",
    "Level",
    "Row",
    "Rows",
    "advice",
    "answered",
    "blocking",
    "check_content",
    "count_words",
    "is_question",
    "section_state",
    "table_anchor",
    "too_long",
]

OF_ROWS = {
    "stakeholder_plan": check_stakeholders,
    "transferability_assessment": check_transfer,
    "info_session": check_session,
}


def check_content(content: Content) -> list[Check]:
    """Every check of this content, met or not, in the order of its sections. Hints carry the reasons given for them."""
    kind = kind_of(content["kind"])
    rows = Rows(content, kind.sections)
    reasons = {(each["rule"], each["anchor"]): each["reason"] for each in content.get("reasons", [])}
    checks: list[Check] = []
    for section in content["sections"]:
        checks += _check_section(section, rows, content)
    return [
        replace(check, reason=reasons[check.key]) if check.level == Level.HINT and check.key in reasons else check
        for check in checks
    ]


def _check_section(section: Content, rows: Rows, content: Content) -> Iterator[Check]:
    kind, slug = kind_of(content["kind"]), section["slug"]
    for written in section["fields"]:
        field = kind.field(written["slug"])
        if field:
            yield from check_field(field, written["text"], slug)
    for table in section.get("tables", []):
        spec = kind.table(table["slug"])
        if spec:
            yield from check_table(spec, slug, rows.of(spec.slug))
    yield from check_roadmap(section, content)
    if "tables" in section and kind.slug in OF_ROWS:
        yield from OF_ROWS[kind.slug](rows, slug)
    if "tables" in section and kind.slug == "action_plan":
        yield from check_plan(rows, slug, content)


def blocking(checks: list[Check]) -> list[Check]:
    """What must be solved before the output can be submitted."""
    return [check for check in checks if check.blocks]


def advice(checks: list[Check]) -> list[Check]:
    """What would make it better and has not been answered; it can be submitted all the same."""
    return [check for check in checks if check.is_open_hint]


def answered(checks: list[Check]) -> list[Check]:
    """Hints that were left open for a reason."""
    return [check for check in checks if check.level == Level.HINT and not check.is_met and check.reason]


def section_state(content: Content, slug: str, checks: list[Check]) -> str:
    """`not_started`, `draft` or `done`: how far one section is."""
    section = next(each for each in content["sections"] if each["slug"] == slug)
    if section["part"] == Part.CHECK:
        return "not_started" if blocking(checks) else "done"
    if not _is_begun(section):
        return "not_started"
    return "draft" if any(check.blocks for check in checks if check.section == slug) else "done"


def _is_begun(section: Content) -> bool:
    has_text = any(field["text"].strip() for field in section["fields"])
    has_rows = any(_is_written(row, table) for table in section.get("tables", []) for row in table["rows"])
    chosen = section.get("objectives") or section.get("domains") or section.get("levers")
    return bool(has_text or has_rows or chosen)


def _is_written(row: Content, table: Content) -> bool:
    """Whether somebody has written in a row; one that is there by its key alone does not count."""
    facts = {column["slug"] for column in table["columns"] if column["control"] == "fact"}
    return not row.get("label") or any(text for slug, text in row["values"].items() if slug not in facts)
