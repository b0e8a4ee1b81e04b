"""The files of a version and the folder of a city, as people ask for them."""

import datetime

import pytest
from django.urls import reverse

from outputs.models import Document
from outputs.selectors.content import fingerprint
from outputs.services.documents import claim_document, finish_document, note_progress
from tests.factories.cohorts import MembershipFactory
from tests.factories.outputs import NOON, DocumentFactory, OutputVersionFactory
from twinning.portal.bench.contents import example_content

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    monkeypatch.setattr("outputs.services.documents.hint_worker", lambda document: None)


@pytest.fixture
def version():
    content = example_content("info_session")
    return OutputVersionFactory(output__kind="info_session", content=content, content_hash=fingerprint(content))


@pytest.fixture
def page(client, version):
    client.force_login(MembershipFactory(participation=version.output.participation).user)
    return client


@pytest.mark.parametrize(
    ("name", "ending", "begins"),
    [("version-data-file", "json", b'{"cohort"'), ("version-workbook", "xlsx", b"PK"), ("version-word", "docx", b"PK")],
)
def test_quick_files_come_at_once_under_a_speaking_name(page, version, name, ending, begins):
    answer = page.get(reverse(f"outputs:{name}", args=[version.output.code, 1]))
    assert answer.content.startswith(begins)
    assert answer["Content-Disposition"] == f'attachment; filename="internal-info-session-fundao-v1.{ending}"'
    assert answer["Cache-Control"] == "private, no-store"


def test_the_file_for_the_archive_is_queued_once_however_often_asked(page, version):
    for _again in range(2):
        page.post(reverse("outputs:version-archive", args=[version.output.code, 1]))
    document = Document.objects.get(version=version)
    assert (document.format, document.is_long, document.state) == ("pdfa", True, "queued")


def test_the_page_of_a_folder_tells_its_place_in_the_queue_its_progress_and_its_size(page, version):
    address = reverse("outputs:folder-detail", args=[version.output.participation.code])
    DocumentFactory(is_long=True, queued_at=NOON - datetime.timedelta(days=365))
    page.post(address)
    assert "1 file is made before this one." in page.get(address).content.decode()
    document = claim_document(Document.objects.get(participation=version.output.participation).pk, now=NOON)
    note_progress(document, 2, 5, clock=lambda: NOON)
    assert "2 of 5 files" in page.get(address).content.decode()
    finish_document(document, content=b"PK" + b"0" * 2046, pages=None, now=NOON)
    assert "2.0\xa0KB" in page.get(address).content.decode()
    download = page.get(reverse("outputs:document-download", args=[document.code]))
    assert (download["Content-Type"], download.getvalue()[:2]) == ("application/zip", b"PK")
    document.refresh_from_db()
    document.file.delete(save=False)
