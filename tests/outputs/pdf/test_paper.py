"""All five outputs on paper, judged by tools that we did not write."""

import hashlib
import io
import re

import page
import pytest
from page import ValidationProfile
from pypdf import PdfReader

from outputs.kinds import KINDS
from outputs.pdf import engine
from outputs.pdf.layout import print_table
from outputs.pdf.render import render_archival, render_version
from outputs.selectors.content import fingerprint
from outputs.tables import tables_of
from tests.factories.outputs import OutputVersionFactory
from twinning.portal.bench.contents import example_content

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(bool(engine.missing_libraries()), reason="Pango is not installed on this machine"),
]


def printed(content, **fields):
    version = OutputVersionFactory(output__kind=content["kind"], content=content, **fields)
    file, pages = render_version(version)
    texts = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(file)).pages]
    assert len(texts) == pages
    return file, texts


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_with_full_tables_conforms_to_ua_1(kind):
    file, _texts = printed(example_content(kind, rows={"actions": 3, "stakeholders": 6, "candidates": 2}))
    report = page.validate_pdf_bytes(file, profile=ValidationProfile.PDF_UA_1)
    assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []


def test_a_long_table_repeats_its_head_on_each_page_and_tears_no_row():
    content = example_content("info_session", rows={"questions": 40})
    _file, texts = printed(content)
    flowing = [" ".join(text.split()) for text in texts]
    pages = [text for text in flowing if "Questions raised" in text or "From which group" in text]
    assert len(pages) >= 3
    assert all("From which group" in text for text in pages)
    questions = tables_of(content)["questions"].rows
    answers = re.sub(r"\s+", "", "".join(texts).replace("-\n", ""))
    assert sum(answers.count(f"Department{n}") for n in range(1, 10)) >= len(questions)


def test_the_contents_name_each_action_with_its_page():
    _file, texts = printed(example_content("action_plan", is_short=True, rows={"actions": 12, "steps": 1}))
    contents = texts[1]
    for line in re.findall(r"(\d+\. .+?) ?\.[. ]+(\d+)", contents):
        name, number = line
        assert name.split(".")[0] + "." in texts[int(number) - 1]
    assert len(re.findall(r"\.[. ]{3,}\d+", contents)) == 12 + 3


def test_german_words_are_broken_where_german_breaks_them():
    content = example_content("info_session", language="de")
    content["sections"][0]["tables"][0]["rows"][0]["values"]["agenda"] = "Energieversorgungsunternehmen " * 30
    _file, texts = printed(content, language="de")
    breaks = set(re.findall(r"(\w+)[-\u2010]\n", "".join(texts)))
    assert breaks & {
        "Energieversorgungsunter",
        "Energieversorgungs",
        "Energieversor",
        "Energie",
        "Energieversorgungsun",
    }


def test_a_table_too_wide_for_paper_becomes_an_overview_and_cards():
    stakeholders = print_table(tables_of(example_content("stakeholder_plan", rows={"stakeholders": 2}))["stakeholders"])
    assert [column.slug for column in stakeholders.grid.columns] == [
        *("name", "kind", "influence", "interest", "wanted_role", "owner", "due_on")
    ]
    assert [card.number for card in stakeholders.cards] == [1, 2]
    groups = print_table(tables_of(example_content("info_session"))["groups"])
    assert (len(groups.grid.rows), groups.cards) == (3, [])


def test_where_a_fact_comes_from_stands_below_it_one_source_on_a_line():
    content = example_content("transferability_assessment", rows={"candidates": 2})
    row = content["sections"][0]["tables"][0]["rows"][0]
    row |= {"label": "Size", "labels": {}}
    row["values"]["sources"] = "Belfast: Register of 2024, table 3\nGalway: Census of 2022"
    context = print_table(tables_of(content)["context"])
    assert [column.slug for column in context.grid.columns] == ["here", "there", "verdict"]
    _file, texts = printed(content)
    assert re.search(r"Belfast: Register of 2024, table 3\s*\nGalway: Census of 2022\s*\n", texts[1] + texts[2])


def test_the_sum_of_the_money_never_stands_alone_on_a_page_and_its_figures_stay_whole():
    few = dict.fromkeys(("steps", "costs", "funding", "indicators", "risks", "dependencies"), 1)
    content = example_content("action_plan", rows=few | {"actions": 9})
    tables = {table["slug"]: table["rows"] for table in content["sections"][1]["tables"]}
    for row in tables["actions"][:2]:
        row["values"]["name"] = "Short"  # with these lengths the page ends before the sum
    tables["costs"][-1]["values"]["amount"] = "1234567.50"
    _file, texts = printed(content)
    page = next(text for text in texts if "All together" in text)
    assert f"9 {tables['actions'][-1]['values']['name'][:20]}" in page.partition("All together")[0]
    assert re.search(r"All together( [\d,]+(\.\d\d)?| –){4}\s*$", page, re.MULTILINE)


def test_the_file_for_the_archive_is_pdf_a_3_and_ua_1_at_once_and_carries_the_data():
    content = example_content("transferability_assessment", rows={"candidates": 2})
    version = OutputVersionFactory(output__kind=content["kind"], content=content, content_hash=fingerprint(content))
    file, _pages = render_archival(version)
    for profile in (ValidationProfile.PDF_A_3A, ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(file, profile=profile)
        assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []
    ((name, (data,)),) = PdfReader(io.BytesIO(file)).attachments.items()
    assert (name, hashlib.sha256(data).hexdigest()) == ("data.json", version.content_hash)
