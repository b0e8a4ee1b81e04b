"""Rules of the Learning Roadmap."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ..kinds import FEWEST_OBJECTIVES, MOST_DOMAINS, MOST_OBJECTIVES, OBJECTIVE_WORDS, Part
from .checks import Check, Content, Level, too_long

FEWEST_LEARNING_TYPES = 2
OBJECTIVE_TEXTS = ("question", "why_it_matters", "offer", "activity_note", "learners", "evidence")


def check_roadmap(section: Content, content: Content) -> Iterator[Check]:
    """The rules of one section of a roadmap."""
    slug, part = section["slug"], section["part"]
    if part == Part.TERMS:
        yield from _check_terms(section, slug)
    elif part == Part.TWIN_OBJECTIVES:
        yield from _check_twin_objectives(section["objectives"], slug, content)
    elif part == Part.HOST_OBJECTIVES:
        yield from _check_host_objectives(section["objectives"], slug)


def _check_terms(section: Content, slug: str) -> Iterator[Check]:
    domains, levers = section["domains"], section["levers"]
    yield Check(
        Level.ERROR,
        _("One to %(most)d domains are chosen") % {"most": MOST_DOMAINS},
        slug,
        "terms:domains",
        is_met=1 <= len(domains) <= MOST_DOMAINS,
    )
    yield Check(
        Level.HINT,
        _("At least one lever of change is chosen"),
        slug,
        "terms:levers",
        is_met=bool(levers),
        rule="levers",
    )


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
        rule="learning-types",
    )
    served = {objective["event"]["code"] for objective in objectives if objective["event"]}
    for visit in content["visits"]:
        yield Check(
            Level.HINT,
            _("%(visit)s serves at least one objective") % {"visit": visit["label"]},
            slug,
            "objectives",
            is_met=visit["code"] in served,
            rule=f"visit-{visit['code']}",
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
    where = {"table": "objectives" if is_strict else "host_objectives", "row": objective["code"]}
    needed = Level.ERROR if is_strict else Level.HINT
    question = objective["question"].strip()

    def about(level: Level, text: str, name: str) -> Check:
        return Check(level, text % {"n": number}, slug, f"{place}:{name}", rule=f"objective-{name}", **where)

    if not question:
        yield about(Level.ERROR, _("Objective %(n)d: write a question"), "question")
    elif not is_question(question):
        yield about(needed, _("Objective %(n)d: write it as a question"), "question")
    if not objective["owner"].strip():
        yield about(needed, _("Objective %(n)d: name an owner"), "owner")
    if not objective["activity"]:
        yield about(needed, _("Objective %(n)d: choose the activity that will answer it"), "activity")
    for name, text in (
        ("learning_type", _("Objective %(n)d: say which kind of learning it is")),
        ("why_it_matters", _("Objective %(n)d: say why it matters locally")),
        ("offer", _("Objective %(n)d: the host has not yet said what it can show")),
        ("learners", _("Objective %(n)d: name the people who must learn it")),
        ("evidence", _("Objective %(n)d: say how you will see that it was learned")),
        ("due_on", _("Objective %(n)d: give it a date")),
    ):
        if is_strict and not objective[name]:
            yield about(Level.HINT, text, name)
    for name in OBJECTIVE_TEXTS:
        label = _("Objective %(n)d") % {"n": number}
        yield from too_long(label, objective[name], OBJECTIVE_WORDS, slug, f"{place}:{name}", **where)


def is_question(text: str) -> bool:
    """Ends like a question, in the scripts of Europe: Greek asks with a semicolon."""
    end = text.rstrip().rstrip("\"'”’»«“)] ")
    is_greek = any("Ͱ" <= letter <= "Ͽ" for letter in text)
    return end.endswith(("?", "\N{GREEK QUESTION MARK}", "？", "؟")) or (is_greek and end.endswith(";"))
