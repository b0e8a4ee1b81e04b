"""The rules on plain dictionaries: no database."""

import copy

import pytest

from outputs.kinds import KINDS, ROADMAP
from outputs.quality import advice, blocking, check_content, is_question, section_state


def objective(code="C1", **changes):
    row = {
        "code": code,
        "question": "Who signs the contract?",
        "learning_type": "social",
        "why_it_matters": "Owners hesitate.",
        "offer": "The agency shows its contracts.",
        "activity": "visit",
        "activity_note": "",
        "event": {"code": "V1", "label": "Visit 1", "on": "2027-03-01"},
        "learners": "Housing department",
        "owner": "Head of housing",
        "evidence": "A draft contract",
        "due_on": "2027-03-01",
        "state": "planned",
    }
    return row | changes


def roadmap():
    sections = []
    for section in KINDS[ROADMAP].sections:
        content = {
            "slug": section.slug,
            "title": str(section.title),
            "part": str(section.part),
            "fields": [{"slug": f.slug, "label": str(f.label), "text": "Something."} for f in section.fields],
        }
        if section.part == "terms":
            content |= {"domains": [{"code": "d", "label": "D"}], "levers": [{"code": "l", "label": "L"}]}
        if section.part == "twin_objectives":
            kinds = ("social", "technical", "conceptual")
            content["objectives"] = [objective(f"C{n}", learning_type=kind) for n, kind in enumerate(kinds)]
        if section.part == "host_objectives":
            content["objectives"] = [objective("H1")]
        sections.append(content)
    return {"kind": ROADMAP, "visits": [{"code": "V1", "label": "Visit 1", "on": "2027-03-01"}], "sections": sections}


def part(content, name):
    return next(section for section in content["sections"] if section["part"] == name)


def errors(content):
    return [(check.section, check.anchor) for check in blocking(check_content(content))]


def hints(content):
    return [(check.section, check.anchor) for check in advice(check_content(content))]


def test_a_complete_roadmap_has_no_error_and_no_hint():
    assert errors(roadmap()) == []
    assert hints(roadmap()) == []


@pytest.mark.parametrize(
    ("change", "anchor"),
    [
        ({"question": ""}, "objective:C0:question"),
        ({"question": "Community partners and their role."}, "objective:C0:question"),
        ({"owner": " "}, "objective:C0:owner"),
        ({"activity": ""}, "objective:C0:activity"),
        ({"why_it_matters": "word " * 121}, "objective:C0:why_it_matters"),
    ],
)
def test_an_objective_without_what_it_needs_blocks_and_names_its_place(change, anchor):
    content = roadmap()
    part(content, "twin_objectives")["objectives"][0] |= change
    assert errors(content) == [("objectives", anchor)]


@pytest.mark.parametrize(
    "change", [{"evidence": ""}, {"learners": ""}, {"offer": ""}, {"due_on": ""}, {"learning_type": ""}]
)
def test_an_objective_without_what_would_be_good_gets_a_hint(change):
    content = roadmap()
    part(content, "twin_objectives")["objectives"][0] |= change
    assert errors(content) == []
    assert hints(content) == [("objectives", f"objective:C0:{next(iter(change))}")]


@pytest.mark.parametrize("count", [0, 2, 7])
def test_three_to_six_objectives_are_needed(count):
    content = roadmap()
    kinds = ("social", "technical")
    rows = [objective(f"C{n}", learning_type=kinds[n % 2]) for n in range(count)]
    part(content, "twin_objectives")["objectives"] = rows
    assert ("objectives", "objectives") in errors(content)


def test_one_kind_of_learning_alone_gets_a_hint():
    content = roadmap()
    for row in part(content, "twin_objectives")["objectives"]:
        row["learning_type"] = "social"
    assert hints(content) == [("objectives", "objectives")]


def test_a_visit_that_serves_no_objective_gets_a_hint():
    content = roadmap()
    content["visits"].append({"code": "V2", "label": "Visit 2", "on": "2027-06-01"})
    assert [str(check.text) for check in advice(check_content(content))] == ["Visit 2 serves at least one objective"]


def test_the_host_needs_an_objective_of_its_own():
    content = roadmap()
    part(content, "host_objectives")["objectives"] = []
    assert errors(content) == [("host-objectives", "objectives")]


def test_four_domains_are_too_many_and_none_is_too_few():
    content = roadmap()
    for domains in ([], [{"code": str(n), "label": str(n)} for n in range(4)]):
        part(content, "terms")["domains"] = domains
        assert errors(content) == [("domains", "terms:domains")]


def test_an_empty_field_and_a_long_one_block():
    content = roadmap()
    fields = content["sections"][0]["fields"]
    fields[0]["text"], fields[1]["text"] = "  ", "word " * 151
    assert errors(content) == [("starting-point", "answer:baseline"), ("starting-point", "answer:plan")]


def test_every_kind_can_be_complete_and_names_its_empty_fields():
    for kind in KINDS.values():
        content = {"kind": kind.slug, "visits": [], "sections": []}
        for section in kind.sections:
            fields = [{"slug": f.slug, "label": str(f.label), "text": ""} for f in section.fields]
            extra = {"domains": [], "levers": [], "objectives": []}
            content["sections"].append({"slug": section.slug, "part": str(section.part), "fields": fields} | extra)
        needed = {f"answer:{f.slug}" for f in kind.fields if f.is_required}
        assert needed <= {anchor for _section, anchor in errors(content)}


def test_checking_changes_nothing():
    content = roadmap()
    before = copy.deepcopy(content)
    check_content(content)
    assert content == before


@pytest.mark.parametrize(
    "text",
    ["Who pays?", "Who pays? ", "“Who pays?”", "Ποιος πληρώνει;", "¿Quién paga?", "Хто платить?", "Who pays?)"],
)
def test_a_question_is_known_by_its_end(text):
    assert is_question(text)


@pytest.mark.parametrize("text", ["", "Who pays", "We want to learn; a lot", "Who? Me.", "Contracts;"])
def test_what_is_no_question_is_not_taken_for_one(text):
    assert not is_question(text)


def test_sections_say_how_far_they_are():
    content = roadmap()
    content["sections"][0]["fields"][0]["text"] = ""
    part(content, "host_objectives")["objectives"] = []
    checks = check_content(content)
    states = {section["slug"]: section_state(content, section["slug"], checks) for section in content["sections"]}
    assert states == {
        "starting-point": "draft",
        "domains": "done",
        "objectives": "done",
        "host-objectives": "not_started",
        "working-together": "done",
        "risks": "done",
        "check": "not_started",
    }
