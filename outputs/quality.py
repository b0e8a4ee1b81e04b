"""Is an output good enough? Rules over the content of a draft or version; plain data in, checks out, no database.

An error stops the submission, a hint does not. The rules are this project's proposal, built from comparable templates.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from .kinds import FEWEST_OBJECTIVES, MOST_DOMAINS, MOST_OBJECTIVES, OBJECTIVE_WORDS, Field, Part, kind_of

Content = dict[str, Any]
FEWEST_LEARNING_TYPES = 2
OBJECTIVE_TEXTS = ("question", "why_it_matters", "offer", "activity_note", "learners", "evidence")


class Level(StrEnum):
    ERROR = "error"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and whether it is met. `section` and `anchor` say where to mend it; see `Comment.anchor`."""

    level: Level
    text: str | Promise
    section: str
    anchor: str = ""
    is_met: bool = False

    @property
    def blocks(self) -> bool:
        return self.level == Level.ERROR and not self.is_met


def count_words(text: str) -> int:
    return len(text.split())


def check_content(content: Content) -> list[Check]:
    """Every check of this content, met or not, in the order of its sections."""
    kind = kind_of(content["kind"])
    checks: list[Check] = []
    for section in content["sections"]:
        slug = section["slug"]
        for written in section["fields"]:
            field = kind.field(written["slug"])
            if field:
                checks += _check_field(field, written["text"], slug)
        part = section["part"]
        if part == Part.TERMS:
            checks += _check_terms(section, slug)
        elif part == Part.TWIN_OBJECTIVES:
            checks += _check_twin_objectives(section["objectives"], slug, content)
        elif part == Part.HOST_OBJECTIVES:
            checks += _check_host_objectives(section["objectives"], slug)
    return checks


def blocking(checks: list[Check]) -> list[Check]:
    """What must be solved before the output can be submitted."""
    return [check for check in checks if check.blocks]


def advice(checks: list[Check]) -> list[Check]:
    """What would make it better; it can be submitted all the same."""
    return [check for check in checks if check.level == Level.HINT and not check.is_met]


def section_state(content: Content, slug: str, checks: list[Check]) -> str:
    """`not_started`, `draft` or `done`: how far one section is."""
    section = next(each for each in content["sections"] if each["slug"] == slug)
    if section["part"] == Part.CHECK:
        return "not_started" if blocking(checks) else "done"
    has_text = any(field["text"].strip() for field in section["fields"])
    if not (has_text or section.get("objectives") or section.get("domains") or section.get("levers")):
        return "not_started"
    return "draft" if any(check.blocks for check in checks if check.section == slug) else "done"


def _check_field(field: Field, text: str, section: str) -> Iterator[Check]:
    anchor = f"answer:{field.slug}"
    if field.is_required and not text.strip():
        yield Check(Level.ERROR, _("%(field)s: nothing is written yet") % {"field": field.label}, section, anchor)
    yield from _too_long(field.label, text, field.words, section, anchor)


def _too_long(label: object, text: str, limit: int, section: str, anchor: str) -> Iterator[Check]:
    surplus = count_words(text) - limit
    if surplus > 0:
        words = ngettext_lazy("%(label)s: shorten it by %(n)d word", "%(label)s: shorten it by %(n)d words", surplus)
        yield Check(Level.ERROR, words % {"label": label, "n": surplus}, section, anchor)


def _check_terms(section: Content, slug: str) -> Iterator[Check]:
    domains, levers = section["domains"], section["levers"]
    yield Check(
        Level.ERROR,
        _("One to %(most)d domains are chosen") % {"most": MOST_DOMAINS},
        slug,
        "terms:domains",
        is_met=1 <= len(domains) <= MOST_DOMAINS,
    )
    yield Check(Level.HINT, _("At least one lever of change is chosen"), slug, "terms:levers", is_met=bool(levers))


def _check_twin_objectives(objectives: list[Content], slug: str, content: Content) -> Iterator[Check]:
    yield Check(
        Level.ERROR,
        _("There are %(fewest)d to %(most)d learning objectives")
        % {"fewest": FEWEST_OBJECTIVES, "most": MOST_OBJECTIVES},
        slug,
        "objectives",
        is_met=FEWEST_OBJECTIVES <= len(objectives) <= MOST_OBJECTIVES,
    )
    for number, objective in enumerate(objectives, start=1):
        yield from _check_objective(objective, number, slug, is_strict=True)
    types = {objective["learning_type"] for objective in objectives} - {""}
    yield Check(
        Level.HINT,
        _("At least two kinds of learning occur"),
        slug,
        "objectives",
        is_met=len(types) >= FEWEST_LEARNING_TYPES,
    )
    served = {objective["event"]["code"] for objective in objectives if objective["event"]}
    for visit in content["visits"]:
        yield Check(
            Level.HINT,
            _("%(visit)s serves at least one objective") % {"visit": visit["label"]},
            slug,
            "objectives",
            is_met=visit["code"] in served,
        )


def _check_host_objectives(objectives: list[Content], slug: str) -> Iterator[Check]:
    yield Check(
        Level.ERROR,
        _("The host has at least one objective of its own"),
        slug,
        "objectives",
        is_met=any(objective["question"].strip() for objective in objectives),
    )
    for number, objective in enumerate(objectives, start=1):
        yield from _check_objective(objective, number, slug, is_strict=False)


def _check_objective(objective: Content, number: int, slug: str, *, is_strict: bool) -> Iterator[Check]:
    """`is_strict`: an objective of the twin needs an owner and an activity; one of the host is asked for them."""
    place = f"objective:{objective['code']}"
    needed = Level.ERROR if is_strict else Level.HINT
    question = objective["question"].strip()
    if not question:
        yield Check(Level.ERROR, _("Objective %(n)d: write a question") % {"n": number}, slug, f"{place}:question")
    elif not is_question(question):
        text = _("Objective %(n)d: write it as a question") % {"n": number}
        yield Check(needed, text, slug, f"{place}:question")
    if not objective["owner"].strip():
        yield Check(needed, _("Objective %(n)d: name an owner") % {"n": number}, slug, f"{place}:owner")
    if not objective["activity"]:
        text = _("Objective %(n)d: choose the activity that will answer it") % {"n": number}
        yield Check(needed, text, slug, f"{place}:activity")
    for name, text in (
        ("learning_type", _("Objective %(n)d: say which kind of learning it is")),
        ("why_it_matters", _("Objective %(n)d: say why it matters locally")),
        ("offer", _("Objective %(n)d: the host has not yet said what it can show")),
        ("learners", _("Objective %(n)d: name the people who must learn it")),
        ("evidence", _("Objective %(n)d: say how you will see that it was learned")),
        ("due_on", _("Objective %(n)d: give it a date")),
    ):
        if is_strict and not objective[name]:
            yield Check(Level.HINT, text % {"n": number}, slug, f"{place}:{name}")
    for name in OBJECTIVE_TEXTS:
        label = _("Objective %(n)d") % {"n": number}
        yield from _too_long(label, objective[name], OBJECTIVE_WORDS, slug, f"{place}:{name}")


def is_question(text: str) -> bool:
    """Ends like a question, in the scripts of Europe: Greek asks with a semicolon."""
    end = text.rstrip().rstrip("\"'”’»«“)] ")
    is_greek = any("Ͱ" <= letter <= "Ͽ" for letter in text)
    return end.endswith(("?", "\N{GREEK QUESTION MARK}", "？", "؟")) or (is_greek and end.endswith(";"))
