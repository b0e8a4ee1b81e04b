"""The PDF is judged by tools that we did not write: page-validation, pypdf, and qpdf where it is installed."""

import io
import re
import shutil
import subprocess

import page
import pytest
from page import ValidationProfile
from pypdf import PdfReader

from outputs.models import OutputVersion
from outputs.pdf import engine
from outputs.pdf.engine import EngineMissing
from outputs.pdf.measure import compare_with_bare
from outputs.pdf.render import render_pdf, render_version, static_file, version_html
from outputs.selectors.content import draft_content, fingerprint
from tests.factories.cohorts import EventFactory
from tests.factories.outputs import AnswerFactory, OutputFactory, OutputVersionFactory, complete_roadmap

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(bool(engine.missing_libraries()), reason="Pango is not installed on this machine"),
]
LONG = "Πολεοδομία, żółw, Київ, İzmir, ≥ 3 → ✓ ☑ and a very long sentence about renovation. " * 30


@pytest.fixture
def version(roadmap, world):
    """A submitted roadmap with letters of every script of Europe, a long text and a visit."""
    visit = EventFactory(cohort=world.cohort, pairing=world.pairing, kind="site_visit", title="Visit 1")
    roadmap.objectives.filter(position=1).update(event=visit)
    roadmap.answers.filter(field="baseline").update(text=LONG)
    return OutputVersionFactory(output=roadmap, content=draft_content(roadmap, language="en"))


RENDERED = {}  # the file is the same for all: rendering takes a second and a half


@pytest.fixture
def pdf(version):
    if not RENDERED:
        RENDERED["file"] = render_version(version)
    return RENDERED["file"]


def test_the_pdf_conforms_to_ua_1(pdf):
    report = page.validate_pdf_bytes(pdf[0], profile=ValidationProfile.PDF_UA_1)
    assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []
    assert report.is_compliant


def test_every_font_is_in_the_file_and_is_ours(pdf):
    fonts = {}
    for sheet in PdfReader(io.BytesIO(pdf[0])).pages:
        for font in sheet["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[descendant["/BaseFont"]] = "/FontFile2" in descendant["/FontDescriptor"].get_object()
    assert fonts
    assert all(fonts.values())
    names = {name.partition("+")[2].replace("-Bold", "").rstrip(",") for name in fonts}
    assert names == {"Noto-Sans", "Noto-Sans-Math", "Noto-Sans-Symbols-2"}


def test_language_title_and_number_of_pages_are_stated(pdf, version):
    reader = PdfReader(io.BytesIO(pdf[0]))
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title.startswith("Learning Roadmap – ")
    assert len(reader.pages) == pdf[1] >= 4


def test_every_page_names_the_version_and_its_state(pdf):
    texts = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf[0])).pages]
    assert all("version 1 · Submitted" in text for text in texts[1:])
    assert f"1 / {len(texts)}" in texts[0]


def test_the_text_reads_in_the_order_of_the_sections(pdf):
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf[0])).pages[1:])
    titles = ["1. Starting point", "2. Domains", "3. Learning objectives", "4. The host", "5. How we work", "6. Risks"]
    places = [text.index(title) for title in titles]
    assert places == sorted(places)


def test_the_picture_of_objectives_has_its_text_alternative(pdf):
    figures = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, dict):
            if node.get("/S") == "/Figure":
                figures.append(str(node.get("/Alt", "")))
            children = node.get("/K", [])
            for child in children if isinstance(children, list) else [children]:
                if not isinstance(child, int):
                    walk(child)

    walk(PdfReader(io.BytesIO(pdf[0])).trailer["/Root"]["/StructTreeRoot"])
    assert all(figures)
    assert any("How do owners come to sign" in alt for alt in figures)


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_qpdf_finds_no_fault(pdf, tmp_path):
    file = tmp_path / "roadmap.pdf"
    file.write_bytes(pdf[0])
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)


@pytest.mark.parametrize("kind", ["stakeholder_plan", "transferability_assessment", "action_plan", "info_session"])
def test_each_other_kind_prints_and_conforms(kind):
    output = OutputFactory(kind=kind, draft=True)
    for field in output.form.fields:
        AnswerFactory(output=output, field=field.slug, text=LONG[:300])
    content = draft_content(output, language="en")
    version = OutputVersionFactory(output=output, content=content, content_hash=fingerprint(content))
    assert page.is_pdf_compliant_bytes(render_version(version)[0], profile="ua1")


def test_an_empty_host_and_hostile_text_print_as_text():
    output = complete_roadmap(OutputFactory(pairing__ended=True, draft=True))
    output.answers.filter(field="plan").update(text="<script>alert(1)</script><img src='file:///etc/passwd'>")
    html = version_html(OutputVersionFactory(output=output, content=draft_content(output, language="en")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<img" not in html


def test_a_frozen_version_prints_from_its_content_alone(version):
    before = version_html(version)
    output = version.output
    output.answers.all().delete()
    output.objectives.all().delete()
    assert version_html(OutputVersion.objects.get(pk=version.pk)) == before


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:8000/healthz",
        "https://document.invalid/static/../settings.py",
        "https://document.invalid/static/css/%2e%2e/%2e%2e/manage.py",
        "https://document.invalid/static/js/autosave.js",
        "https://document.invalid/static/css/nothing.css",
        "https://document.invalid/media/documents/a.pdf",
        "https://document.invalid.evil.example/static/css/print.css",
        "data:text/css,body{}",
    ],
)
def test_a_document_loads_nothing_but_our_own_styles_and_fonts(url):
    with pytest.raises(ValueError, match=r"load nothing|no static file"):
        static_file(url)


def test_our_own_style_is_found():
    assert static_file("https://document.invalid/static/css/print.css").name == "print.css"


def test_without_the_engine_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    monkeypatch.setattr("outputs.pdf.engine.missing_libraries", lambda: ["libpango-1.0-0"])
    with pytest.raises(EngineMissing, match=r"apt-get install libpango-1\.0-0"):
        render_pdf("<p>x</p>")


def test_our_rendering_is_measured_against_bare_weasyprint(version):
    figures = compare_with_bare(version, rounds=1)
    assert figures.keys() == {"ours", "bare", "ratio", "pages"}
    assert figures["ratio"] == figures["ours"] / figures["bare"] > 0


def test_the_head_of_the_pages_is_no_text_that_a_screen_reader_meets_first(pdf):
    first, second = (re.sub(r"[\s‐]", "", sheet.extract_text()) for sheet in PdfReader(io.BytesIO(pdf[0])).pages[:2])
    head = "·version1·Submitted"
    assert (first.count(head), second.count(head)) == (0, 1)
