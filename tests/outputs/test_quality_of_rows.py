"""The rules of the four outputs with rows, on plain dictionaries: no database."""

import pytest

from outputs.kinds import KINDS
from outputs.quality import advice, answered, blocking, check_content, section_state
from outputs.quality.plan import in_circles

PROSE = "Something."


def content_of(kind, **rows):
    """A content whose prose is complete and whose tables hold `rows`: slug -> [(code, parent, values)]."""
    sections = []
    for section in KINDS[kind].sections:
        tables = []
        for table in section.tables:
            given = rows.get(table.slug, [])
            if table.keys and not table.parent:
                given = given or [(key, "", {}) for key, _label in table.keys]
            columns = [
                {"slug": column.slug, "label": str(column.label), "control": column.control} for column in table.columns
            ]
            labels = dict(table.keys)
            written = [
                {
                    "code": code,
                    "parent": parent,
                    "label": str(labels.get(code.rpartition(".")[2], "")),
                    "values": {column.slug: "" for column in table.columns} | values,
                    "labels": {},
                }
                for code, parent, values in given
            ]
            tables.append({"slug": table.slug, "parent": table.parent, "columns": columns, "rows": written})
        fields = [{"slug": f.slug, "label": str(f.label), "text": PROSE} for f in section.fields]
        sections.append({"slug": section.slug, "part": str(section.part), "fields": fields, "tables": tables})
    return {"kind": kind, "due_on": "2027-01-31", "visits": [], "reasons": [], "sections": sections}


def stakeholder(**changes):
    row = {"name": "Housing", "kind": "own_department", "part": "decides", "influence": "4", "interest": "2"}
    return row | {"action": "Talk.", "owner": "Climate office", "due_on": "2027-01-01"} | changes


def register(*rows):
    readiness = [(key, "", {"at_start": "2"}) for key, _label in KINDS["stakeholder_plan"].table("readiness").keys]
    numbered = [(f"S{n}", "", row) for n, row in enumerate(rows, start=1)]
    return content_of("stakeholder_plan", stakeholders=numbered, readiness=readiness)


def candidate(**changes):
    row = {"name": "Office", "components": "A shop", "need": "Talks end", "evidence": "Report", "verdict": "adapt"}
    row |= {"verdict_reason": "Fits", "adaptation": "Smaller", "host_result": "7 of 10", "confidence": "high"}
    return row | changes


def assessment(first=None, second=None, **conditions):
    rated = {
        key: {"at_home": "present"} for key, _label in KINDS["transferability_assessment"].table("conditions").keys
    }
    rows = [
        (f"{parent}.{key}", parent, values) for parent in ("A", "B") for key, values in (rated | conditions).items()
    ]
    candidates = [("A", "", first or candidate()), ("B", "", second or candidate(verdict="reject"))]
    return content_of("transferability_assessment", candidates=candidates, conditions=rows)


def plan(action=None, **children):
    action = {"name": "Open", "description": "A shop", "owner": "Head", "responsible": "Housing", "candidate": "C"} | (
        action or {}
    )
    below = {
        "steps": [{"title": "Rent", "starts_on": "2027-03-01", "ends_on": "2027-04-01", "state": "planned"}],
        "costs": [{"item": "Rent", "amount": "100.00"}],
        "funding": [{"source": "City", "amount": "100.00", "state": "granted"}],
        "indicators": [{"name": "Contracts"}],
    } | children
    rows = {slug: [(f"{slug}{n}", "A", row) for n, row in enumerate(given)] for slug, given in below.items()}
    return content_of("action_plan", actions=[("A", "", action)], **rows)


def session(**rows):
    complete = {
        "session": [("session", "", {"held_on": "2027-01-01", "place": "Hall", "organiser": "Office"})],
        "groups": [
            (f"G{n}", "", {"name": "D", "kind": kind, "people": "3"})
            for n, kind in enumerate(["department"] * 3 + ["partner"])
        ],
        "messages": [(f"M{n}", "", {"text": "Begin with one street."}) for n in range(3)],
        "follow_ups": [("F1", "", {"text": "Ask", "owner": "Treasurer", "due_on": "2027-02-01"})],
        "materials": [("X1", "", {"title": "Slides", "kept_at": "Intranet", "keeper": "Office"})],
    }
    return content_of("info_session", **(complete | rows))


def errors(content):
    return [check.anchor for check in blocking(check_content(content))]


def hints(content):
    return [check.rule for check in advice(check_content(content))]


def test_what_is_complete_has_no_error_and_no_hint():
    affected = stakeholder(name="Tenants", part="affected", influence="1", action="", owner="", due_on="")
    for content in (register(stakeholder(), affected), assessment(), plan(), session()):
        assert (errors(content), hints(content)) == ([], [])


@pytest.mark.parametrize(
    ("content", "anchor"),
    [
        (register(), "table:stakeholders"),
        (register(stakeholder(name=" ")), "row:stakeholders:S1:name"),
        (register(stakeholder(action="")), "row:stakeholders:S1:action"),
        (register(stakeholder(influence="3", owner="")), "row:stakeholders:S1:owner"),
        (assessment(candidate(evidence="")), "row:candidates:A:evidence"),
        (assessment(candidate(cost_from="20.00", cost_to="3.00")), "row:candidates:A:cost_from"),
        (assessment(candidate(components="word " * 121)), "row:candidates:A:components"),
        (plan({"candidate": ""}), "row:actions:A:candidate"),
        (plan(steps=[]), "row:actions:A:name"),
        (plan(costs=[], funding=[]), "row:actions:A:name"),
        (plan(steps=[{"title": "R", "starts_on": "2027-03-02", "ends_on": "2027-03-01"}]), "row:steps:steps0:ends_on"),
        (plan(dependencies=[{"waits_for": "", "note": ""}]), "row:dependencies:dependencies0:waits_for"),
        (session(messages=[("M1", "", {"text": "One."})]), "table:messages"),
        (session(follow_ups=[("F1", "", {"text": "Ask", "owner": ""})]), "table:follow_ups"),
        (session(materials=[]), "table:materials"),
        (
            session(session=[("session", "", {"held_on": "", "place": "Hall", "organiser": "O"})]),
            "row:session:session:held_on",
        ),
    ],
)
def test_what_is_needed_blocks_and_names_its_place(content, anchor):
    assert errors(content) == [anchor]


def test_each_missing_condition_wants_a_plan_or_a_stop():
    content = assessment(law={"at_home": "missing"}, money={"at_home": "missing", "plan": "Ask the state."})
    assert errors(content) == ["row:conditions:A.law:plan", "row:conditions:B.law:plan"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (register(stakeholder(part="helps"), stakeholder(part="affected")), "decision-maker"),
        (register(stakeholder()), "affected-group"),
        (register(stakeholder(kind="business"), stakeholder(kind="media", part="affected")), "own-department"),
        (assessment(second=candidate()), "not-everything"),
        (assessment(candidate(adaptation="")), "candidate-adaptation"),
        (plan(indicators=[]), "action-indicator"),
        (plan(funding=[{"source": "City", "amount": "100.00", "state": "refused"}]), "action-covered"),
        (plan(steps=[{"title": "Late", "starts_on": "2027-08-01"}]), "action-first-step"),
        (plan({"status": "endorsed"}), "action-endorsed"),
        (session(groups=[("G", "", {"name": "D", "kind": "partner", "people": "3"})]), "departments"),
        (session(follow_ups=[("F", "", {"text": "Ask", "owner": "T", "due_on": ""})]), "follow-up-until"),
    ],
)
def test_what_would_be_good_is_a_hint_that_a_reason_answers(content, rule):
    (hint,) = advice(check_content(content))
    assert (errors(content), hint.rule) == ([], rule)
    content["reasons"] = [{"rule": hint.rule, "anchor": hint.anchor, "reason": "We know.", "by": "Lea"}]
    assert hints(content) == []
    assert [check.reason for check in answered(check_content(content))] == ["We know."]


def test_a_first_step_on_the_last_day_of_six_months_is_in_time():
    assert hints(plan(steps=[{"title": "Just", "starts_on": "2027-07-31"}])) == []


def test_cities_that_differ_want_a_word_and_unknown_wants_none():
    rows = [(code, "", {"verdict": code}) for code in ("alike", "stretch", "different", "unknown")]
    content = assessment()
    content["sections"][0]["tables"][0]["rows"] = [
        {"code": code, "parent": parent, "label": code, "values": values | {"meaning": ""}, "labels": {}}
        for code, parent, values in rows
    ]
    assert [check.row for check in advice(check_content(content))] == ["stretch", "different"]


@pytest.mark.parametrize(
    ("waiting", "caught"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, set()),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, {"a", "b", "c"}),
        ({"a": {"a"}}, {"a"}),
        ({"a": {""}}, set()),
    ],
)
def test_actions_that_wait_for_each_other_are_found(waiting, caught):
    assert in_circles(waiting) == caught


def test_a_section_of_keys_is_begun_by_the_first_word_in_it():
    content = register(stakeholder())
    table = content["sections"][2]["tables"][0]
    for row in table["rows"]:
        row["values"]["at_start"] = ""
    assert section_state(content, "readiness", check_content(content)) == "not_started"
    table["rows"][0]["values"]["reason"] = "Asked for by the council."
    assert section_state(content, "readiness", check_content(content)) == "done"


def test_a_check_names_the_outermost_row_so_that_its_page_can_be_opened():
    (check,) = blocking(check_content(plan(steps=[{"title": ""}], indicators=[{"name": "x"}])))
    assert (check.table, check.row, str(check.text)) == ("actions", "A", "Action 1, step 1: “Step” is missing")
