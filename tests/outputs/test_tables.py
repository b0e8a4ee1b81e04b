"""Tables of a content made ready to be read, and what their pictures are drawn of."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from outputs.pictures import actions_of, budgets_of, conditions_of, money_in_all, money_table, stakeholders_of
from outputs.tables import ColumnToRead, amount_of, read_tables, tables_of, words_of
from twinning.portal.bench.contents import example_content

AMOUNTS = st.decimals(0, 10**7, places=2).map(str)
FUNDING = st.lists(st.tuples(AMOUNTS, st.sampled_from(["open", "applied", "granted", "refused"])), max_size=4)


def plan_with(costs, funding):
    """One action with these costs and this money."""
    content = example_content("action_plan", rows={"actions": 1, "costs": len(costs), "funding": len(funding)})
    tables = {table["slug"]: table["rows"] for section in content["sections"] for table in section["tables"]}
    for row, amount in zip(tables["costs"], costs, strict=True):
        row["values"]["amount"] = amount
    for row, (amount, state) in zip(tables["funding"], funding, strict=True):
        row["values"] |= {"amount": amount, "state": state}
    return content


@given(st.lists(AMOUNTS, max_size=4), FUNDING)
def test_the_money_of_a_plan_adds_up_and_refused_money_counts_for_nothing(costs, funding):
    money = money_in_all(plan_with(costs, funding))
    assert money.cost == sum(map(Decimal, costs))
    assert money.granted + money.applied == sum(Decimal(a) for a, state in funding if state in ("granted", "applied"))
    assert money.missing == max(money.cost - money.granted - money.applied, 0)


def test_the_last_line_of_the_money_is_the_sum_of_the_others():
    lines = money_table(example_content("action_plan"))
    cents = [[0 if text == "–" else int(text[:-4].replace(",", "")) for text in line.amounts] for line in lines]
    assert (lines[-1].number, cents[-1]) == (0, [sum(column) for column in zip(*cents[:-1], strict=True)])


def test_rows_hang_on_their_parents_and_are_numbered_in_their_order():
    content = example_content("action_plan", rows={"actions": 2, "steps": 3})
    steps = next(table for section in content["sections"] for table in section["tables"] if table["slug"] == "steps")
    steps["rows"].reverse()
    for action in tables_of(content)["actions"].rows:
        assert [row.code for row in action.rows_of("steps")] == [f"STEP{action.code}{n}" for n in (1, 2, 3)]
        assert [row.number for row in action.rows_of("steps")] == [1, 2, 3]


def test_a_version_of_the_first_format_has_no_tables():
    content = {"sections": [{"slug": "a", "fields": []}]}
    assert read_tables(content["sections"][0]) == []
    assert (stakeholders_of(content), actions_of(content), budgets_of(content)[0], conditions_of(content)[1]) == (
        [],
        [],
        [],
        [],
    )


def test_values_are_shown_in_words_and_what_is_odd_as_it_stands():
    def words(control, value, unit=""):
        return words_of(ColumnToRead("a", "A", control, unit), value)

    assert words("money", "12000.50", "EUR") == "12,000.50\u00a0EUR"
    assert words("money", "12000.00", "EUR") == "12,000\u00a0EUR"
    assert words("whole", "2028") == "2028"
    assert words("date", "2027-03-31") == "31 Mar 2027"
    assert (words("date", "soon"), words("money", "much"), words("scale", "")) == ("soon", "much", "")
    assert amount_of("much") == 0


def test_a_condition_that_is_unknown_is_drawn_as_unknown_and_an_empty_one_not_at_all():
    content = example_content("transferability_assessment", rows={"candidates": 1})
    conditions = next(t for section in content["sections"] for t in section["tables"] if t["slug"] == "conditions")
    for row, state in zip(conditions["rows"], ("unknown", "", "present"), strict=False):
        row["values"]["at_home"], row["labels"]["at_home"] = state, state.title()
    (candidate,) = conditions_of(content)[1]
    assert candidate.cells[:3] == (("unknown", "Unknown"), ("", ""), ("present", "Present"))
