import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sensemaking.models import BoardEvent, Note
from sensemaking.states import NoteState
from tests.factories.cohorts import CityFactory
from tests.factories.people import UserFactory
from tests.factories.sensemaking import GuestFactory, RoomFactory, SessionFactory

pytestmark = pytest.mark.django_db

FILE = "Note;Topic;Room;City;Said by;Group\nTrust takes years;challenge;Money;Malmo;;Time\nAsk again;;Trust;;Nia;\nAsk again;;Trust;;Nia;\n"


@pytest.fixture
def session():
    session = SessionFactory()
    RoomFactory(session=session, theme="Money")
    return session


@pytest.fixture
def team(client):
    client.force_login(UserFactory(coordinator=True))
    return client


def url(name, *args):
    return reverse(f"sensemaking:{name}", args=args)


def choose(client, session, text=FILE, name="notes.csv"):
    data = text.encode() if isinstance(text, str) else text
    return client.post(url("note-import", session.code), {"file": SimpleUploadedFile(name, data)})


def confirm(client, address):
    shown = client.get(address)
    return client.post(address, {"fingerprint": shown.context["plan"].fingerprint}, follow=True)


def standing():
    return Note.objects.standing().count()


def test_a_file_is_shown_confirmed_found_again_and_taken_back(team, session, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    CityFactory(name="Malmö")
    guest = GuestFactory(session=session, name="Nia")
    review = choose(team, session).url
    page = team.get(review).content.decode()
    assert "3 new notes" in page
    assert "Rooms that are made" in page
    assert Note.objects.count() == 0
    assert "3 notes are on the board." in confirm(team, review).content.decode()
    note = Note.objects.get(text="Trust takes years")
    assert (note.room.theme, note.topic, str(note.city.name), note.group.name) == (
        "Money",
        "challenge",
        "Malmö",
        "Time",
    )
    assert set(Note.objects.filter(text="Ask again").values_list("author", "city", "room__theme")) == {
        (guest.pk, guest.city_id, "Trust")
    }
    again = choose(team, session).url
    assert "Nothing changes" in team.get(again).content.decode()
    event = BoardEvent.objects.get(act="import")
    team.post(url("note-import-end", session.code, event.sequence))
    assert (standing(), Note.objects.filter(state=NoteState.REMOVED).count()) == (0, 3)
    assert list(session.rooms.values_list("theme", flat=True)) == ["Money"]
    assert "3 new notes" in team.get(choose(team, session).url).content.decode()


def test_faults_stand_with_row_and_column_and_nothing_is_written(team, session):
    answer = choose(team, session, "Note,City,Topic\nOne,Atlantis,success\n,,\n,Atlantis,no\n")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [(fault.row, fault.column) for fault in answer.context["faults"]] == [(2, "B"), (4, "A"), (4, "C")]
    assert "“Atlantis” is no city of the register." in page
    assert Note.objects.count() == 0


def test_a_file_that_is_no_table_is_answered_with_a_sentence(team, session):
    answer = choose(team, session, "Note\nMalmö".encode("cp1252"))
    assert answer.status_code == 422
    assert "CSV UTF-8" in answer.content.decode()


def test_what_was_changed_meanwhile_is_shown_again_and_not_written(team, session, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    review = choose(team, session, "Note\nOne\nTwo\n").url
    old = team.get(review).context["plan"].fingerprint
    confirm(team, choose(team, session, "Note\nOne\n").url)
    answer = team.post(review, {"fingerprint": old})
    assert answer.status_code == 409
    assert standing() == 1


def test_planning_asks_the_same_number_of_queries_for_one_note_and_many(team, session, django_assert_num_queries):
    for text in ("Note\nOne\n", "Note\n" + "".join(f"Note {number}\n" for number in range(40))):
        review = choose(team, session, text).url
        with django_assert_num_queries(11):
            team.get(review)
