import datetime
import errno
import hashlib
import io
import os
import socket
import threading
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from outputs.models import Document
from outputs.pdf.engine import EngineMissing
from outputs.selectors.content import fingerprint
from outputs.services import documents
from outputs.services.documents import (
    MOST_ATTEMPTS,
    ClaimLost,
    claim_document,
    fail_document,
    finish_document,
    hint_worker,
    make_document,
    note_progress,
    queue_document,
    queue_folder,
    release_document,
    renew_documents,
    retry_document,
    sweep_documents,
)
from outputs.services.folders import make_folder
from outputs.states import DocumentFormat, DocumentState
from tests.factories.outputs import NOON, DocumentFactory, OutputVersionFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.portal.bench.contents import example_content

pytestmark = pytest.mark.django_db
LATER = NOON + datetime.timedelta(minutes=10)


@pytest.fixture(autouse=True)
def hints(monkeypatch):
    """Which documents a worker was told of, instead of rendering them at once."""
    told = []

    monkeypatch.setattr(documents, "hint_worker", lambda document: told.append(document.pk))
    return told


def files():
    folder = Path(default_storage.path(documents.FOLDER))
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture(autouse=True)
def empty_folder():
    yield
    for name in files():
        Path(default_storage.path(f"{documents.FOLDER}/{name}")).unlink()


def state_of(document):
    return Document.objects.get(pk=document.pk).state


def claimed(**fields):
    document = DocumentFactory(**fields)
    return claim_document(document.pk, now=NOON)


def test_a_version_has_one_document_however_often_it_is_queued(hints):
    version = OutputVersionFactory()
    first = queue_document(version, now=NOON)
    assert queue_document(version, now=LATER) == first
    assert hints == [first.pk]


def test_a_queued_document_is_claimed_by_one_alone():
    document = DocumentFactory()
    assert claim_document(document.pk, now=NOON).attempts == 1
    assert claim_document(document.pk, now=NOON) is None


def test_finishing_puts_one_file_in_place_and_says_so():
    document = claimed()
    assert finish_document(document, content=b"%PDF-1", pages=3, now=LATER)
    document.refresh_from_db()
    assert (document.state, document.pages, document.claim, document.finished_at) == ("ready", 3, "", LATER)
    assert files() == [f"{document.code}.pdf"]
    assert JournalEntry.objects.about(document.version.output).get().verb == "outputs.document.ready"


def test_a_late_worker_whose_row_was_given_away_leaves_nothing():
    late = claimed()
    Document.objects.update(state=DocumentState.QUEUED)
    newer = claim_document(late.pk, now=LATER)
    assert not finish_document(late, content=b"old", pages=1, now=LATER)
    assert files() == []
    assert finish_document(newer, content=b"new", pages=1, now=LATER)
    assert not finish_document(late, content=b"old", pages=1, now=LATER)
    assert Path(default_storage.path(f"documents/{late.code}.pdf")).read_bytes() == b"new"
    assert files() == [f"{late.code}.pdf"]


def test_a_late_failure_does_not_spoil_what_another_made():
    late = claimed()
    Document.objects.update(state=DocumentState.QUEUED)
    finish_document(claim_document(late.pk, now=LATER), content=b"new", pages=1, now=LATER)
    fail_document(late, now=LATER, why="too late")
    assert state_of(late) == DocumentState.READY


def test_a_fault_leaves_the_row_failed_with_its_reason_and_it_can_be_tried_again(monkeypatch, hints):
    document = DocumentFactory(version__content={"kind": "broken"})
    assert not make_document(document.pk, clock=lambda: NOON)
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED
    assert document.error.startswith("KeyError")
    assert retry_document(document, by=UserFactory(), now=LATER)
    assert not retry_document(document, by=UserFactory(), now=LATER)
    document.refresh_from_db()
    assert (document.state, document.error, hints) == ("queued", "", [document.pk])


def test_a_folder_that_takes_no_files_fails_the_row_at_once_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr("outputs.pdf.render.render_version", lambda version: (b"%PDF-1.7", 4))
    monkeypatch.setattr(Path, "write_bytes", full_disk)
    document = DocumentFactory()
    assert not make_document(document.pk, clock=lambda: NOON)
    document.refresh_from_db()
    assert (document.state, document.error) == ("failed", "The file could not be stored: No space left on device")
    assert files() == []


def full_disk(path, content):
    """What a full disk does: a part of the file is there."""
    with path.open("wb") as file:
        file.write(content[:3])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def test_without_the_engine_the_row_stays_queued_and_says_what_to_install(monkeypatch):
    def missing(version):
        raise EngineMissing("As root: apt-get install libpango-1.0-0")

    monkeypatch.setattr("outputs.pdf.render.render_version", missing)
    document = DocumentFactory()
    assert not make_document(document.pk, clock=lambda: NOON)
    document.refresh_from_db()
    assert (document.state, document.attempts, document.claim) == ("queued", 0, "")
    assert "apt-get install" in document.error


def test_the_sweeper_gives_back_what_was_held_too_long(hints):
    document = claimed()
    Document.objects.update(claim="elsewhere:1:abc")
    assert sweep_documents(now=NOON + datetime.timedelta(minutes=2)) == {"requeued": 0, "given_up": 0, "hinted": 0}
    assert sweep_documents(now=LATER) == {"requeued": 1, "given_up": 0, "hinted": 1}
    assert (state_of(document), hints) == ("queued", [document.pk])


def test_the_sweeper_sees_at_once_that_a_process_of_this_machine_is_gone():
    document = claimed()
    assert sweep_documents(now=NOON)["requeued"] == 0  # ourselves: alive
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    Document.objects.update(claim=f"{socket.gethostname()[:100]}:{child}:abc")
    assert sweep_documents(now=NOON)["requeued"] == 1
    assert state_of(document) == DocumentState.QUEUED


def test_the_sweeper_removes_what_a_dead_worker_left_of_a_file():
    document = claimed()
    folder = Path(default_storage.path(documents.FOLDER))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{document.code}.abc.part").write_bytes(b"half")
    Document.objects.update(claim="elsewhere:1:abc")
    sweep_documents(now=LATER)
    assert files() == []


def test_a_row_whose_workers_die_again_and_again_is_given_up_with_a_reason():
    document = DocumentFactory(attempts=MOST_ATTEMPTS - 1)
    claim_document(document.pk, now=NOON)
    Document.objects.update(claim="elsewhere:1:abc")
    assert sweep_documents(now=LATER)["given_up"] == 1
    document.refresh_from_db()
    assert (document.state, document.error) == ("failed", f"The worker stopped in the middle, {MOST_ATTEMPTS} times.")


def test_a_row_whose_hint_was_lost_is_hinted_again_but_not_on_every_pass(hints):
    document = DocumentFactory(hinted_at=NOON)
    assert sweep_documents(now=NOON + datetime.timedelta(seconds=30))["hinted"] == 0
    assert sweep_documents(now=NOON + datetime.timedelta(seconds=90))["hinted"] == 1
    assert sweep_documents(now=NOON + datetime.timedelta(seconds=100))["hinted"] == 0
    assert hints == [document.pk]


def test_releasing_needs_the_claim():
    document = claimed()
    document.claim = "another"
    release_document(document, why="x")
    assert state_of(document) == DocumentState.RENDERING


@pytest.mark.postgres  # SQLite in memory locks whole tables at once, without waiting
@pytest.mark.django_db(transaction=True)
def test_many_threads_claim_each_document_once():
    ids = [DocumentFactory().pk for _ in range(5)]
    won = []

    def grab():
        try:
            won.extend(pk for pk in ids if claim_document(pk, now=NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=grab) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == sorted(ids)


def test_after_a_decision_the_document_is_made_anew_and_the_old_rendering_is_thrown_away(hints):
    late = claimed()
    renew_documents(late.version, now=LATER)
    assert not finish_document(late, content=b"submitted", pages=1, now=LATER)
    assert finish_document(claim_document(late.pk, now=LATER), content=b"accepted", pages=1, now=LATER)
    assert (Path(default_storage.path(documents.FOLDER)) / f"{late.code}.pdf").read_bytes() == b"accepted"
    assert hints == [late.pk]


def test_what_takes_long_waits_in_a_queue_of_its_own(monkeypatch):
    sent = []
    monkeypatch.setattr("outputs.tasks.render_document.apply_async", lambda args, queue: sent.append((args[0], queue)))
    monkeypatch.setattr(documents, "hint_worker", hint_worker)  # the real one
    short, long = (OutputVersionFactory(content=example_content("action_plan", rows={"actions": n})) for n in (1, 30))
    queued = [queue_document(short, now=NOON), queue_document(long, now=NOON)]
    queued.append(queue_document(short, now=NOON, file_format=DocumentFormat.ARCHIVAL))
    assert sent == list(zip([document.pk for document in queued], ["pdf", "long", "long"], strict=True))


def test_short_ones_are_hinted_before_long_ones_that_waited_longer(hints):
    long, short = DocumentFactory(is_long=True), DocumentFactory(queued_at=NOON)
    sweep_documents(now=LATER)
    assert hints == [short.pk, long.pk]


def test_a_hint_whose_document_is_done_serves_the_next_that_waits_short_ones_first(monkeypatch):
    made = []
    monkeypatch.setattr("outputs.pdf.render.render_version", lambda version: made.append(version.pk) or (b"%PDF-1", 1))
    done = [DocumentFactory(is_long=long) for long in (False, True)]
    Document.objects.update(state=DocumentState.READY, file="documents/x.pdf", finished_at=NOON)
    long = DocumentFactory(is_long=True, queued_at=NOON)
    late, early = DocumentFactory(queued_at=LATER), DocumentFactory(queued_at=NOON)
    for hint in (done[0], done[0], done[0], done[1], done[1]):
        make_document(hint.pk, clock=lambda: LATER)
    assert made == [early.version_id, late.version_id, long.version_id]


def test_a_folder_holds_every_version_as_pdf_and_data_and_the_newest_in_every_form():
    version = OutputVersionFactory(content=example_content("info_session"), output__kind="info_session")
    newer = OutputVersionFactory(
        output=version.output, number=2, content=version.content, content_hash=fingerprint(version.content)
    )
    participation = version.output.participation
    document = queue_folder(participation, by=UserFactory(), now=NOON)
    assert queue_folder(participation, by=UserFactory(), now=LATER).queued_at == NOON  # it is being made already
    told = []
    claim = claim_document(document.pk, now=NOON)
    data = make_folder(participation, now=NOON, note=lambda done, total: told.append((done, total)))
    assert told == [(done, 7) for done in (*range(6), 7)]
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        names = folder.namelist()
        assert [name.rpartition(".")[2] for name in names] == ["pdf", "json", "pdf", "json", "docx", "xlsx", "txt"]
        assert newer.content_hash in folder.read("README.txt").decode()
        assert hashlib.sha256(folder.read(names[3])).hexdigest() == newer.content_hash
    assert finish_document(claim, content=data, pages=None, now=LATER)
    assert files() == [f"{document.code}.zip"]
    assert {entry.verb for entry in JournalEntry.objects.about(participation)} == {
        "outputs.folder.asked",
        "outputs.folder.ready",
    }


def test_a_worker_that_lost_the_folder_stops_in_the_middle():
    version = OutputVersionFactory()
    document = claim_document(queue_folder(version.output.participation, by=UserFactory(), now=NOON).pk, now=NOON)
    note_progress(document, 1, 5, clock=lambda: LATER)
    document.refresh_from_db()
    assert (document.done, document.total, document.claimed_at) == (1, 5, LATER)
    Document.objects.update(claim="somebody:else:1")
    with pytest.raises(ClaimLost):
        note_progress(document, 2, 5, clock=lambda: LATER)
