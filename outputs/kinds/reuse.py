"""What of an accepted output another city may take as a starting point: ideas and names, never people, days or results."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reusable:
    """Columns of one table, and of the tables that hang on it."""

    table: str
    columns: tuple[str, ...]
    below: dict[str, tuple[str, ...]] = field(default_factory=dict)


REUSABLE: dict[str, Reusable] = {
    "stakeholder_plan": Reusable(
        "stakeholders", ("name", "kind", "part", "system", "influence", "interest", "wanted_role", "barrier", "action")
    ),
    "action_plan": Reusable(
        "actions",
        ("name", "description", "domain", "lever", "addressed", "early_change", "late_outcome", "effect", "permits"),
        {"steps": ("title",), "indicators": ("name", "unit", "definition")},
    ),
}
