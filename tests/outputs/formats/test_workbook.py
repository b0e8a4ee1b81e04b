import io

import pytest
from openpyxl import load_workbook

from outputs.formats.data import version_data
from outputs.formats.workbook import render_workbook
from outputs.selectors.content import fingerprint
from tests.factories.outputs import OutputVersionFactory
from twinning.portal.bench.contents import example_content

pytestmark = pytest.mark.django_db


def version_of(content):
    return OutputVersionFactory(output__kind=content["kind"], content=content, content_hash=fingerprint(content))


def opened(content):
    return load_workbook(io.BytesIO(render_workbook(version_of(content))))


def test_every_table_has_a_sheet_with_its_rows_and_those_below_name_what_they_hang_on():
    book = opened(example_content("action_plan", rows={"actions": 3, "steps": 2}))
    assert book.sheetnames == [
        *("About", "Texts", "Actions", "Steps", "Costs", "Money", "Indicators", "What must happen first", "Risks")
    ]
    steps = book["Steps"]
    assert steps.max_row == 1 + 3 * 2
    assert [cell.value for cell in steps[2]][:3] == [
        "1. Neighbourhood energy coaches",
        1,
        "Neighbourhood energy coaches",
    ]


def test_amounts_are_numbers_and_dates_are_dates():
    book = opened(example_content("action_plan", rows={"actions": 1, "costs": 1, "steps": 1}))
    amount = next(cell for cell in book["Costs"][2] if cell.number_format == "#,##0.00")
    assert isinstance(amount.value, int | float)
    assert next(cell for cell in book["Steps"][2] if cell.is_date).value.year == 2027


def test_a_text_that_looks_like_a_formula_stays_a_text():
    content = example_content("action_plan", rows={"actions": 1})
    content["sections"][1]["tables"][0]["rows"][0]["values"]["name"] = "=HYPERLINK(1)"
    cell = opened(content)["Actions"]["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_the_data_of_a_version_has_the_fingerprint_of_its_cover():
    import hashlib

    version = version_of(example_content("info_session"))
    assert hashlib.sha256(version_data(version)).hexdigest() == version.content_hash
