"""The outbox: who gets or got what, and why."""

import pytest
from django.urls import reverse

from tests.factories.mail import LetterFactory
from tests.factories.people import UserFactory
from twinning.audit.selectors import history_of
from twinning.mail.states import LetterState

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    ada = UserFactory(administrator=True, name="Ada")
    client.force_login(ada)
    return ada


def listed(client, *args, **query):
    return [letter.subject for letter in client.get(reverse("mail:letter-list", args=args), query).context["page"]]


def test_everybody_sees_the_letters_to_themselves_and_who_sees_all_sees_all(client, ada):
    ann = UserFactory()
    LetterFactory(to=ann, subject="For Ann")
    LetterFactory(subject="For somebody")
    assert sorted(listed(client)) == ["For Ann", "For somebody"]
    client.force_login(ann)
    assert listed(client) == ["For Ann"]


def test_cohorts_page_lists_its_own_letters(world, client):
    client.force_login(world.administrator)
    LetterFactory(subject="Here", cohort_slug="here")
    LetterFactory(subject="Elsewhere", cohort_slug="elsewhere")
    assert listed(client, "here") == ["Here"]
    assert client.get(reverse("mail:letter-list", args=["nowhere"])).status_code == 404


def test_letters_are_narrowed_by_state_kind_and_words(client, ada):
    LetterFactory(subject="Sent one", sent=True)
    LetterFactory(subject="Failed one", failed=True, about_label="Roadmap, Belfast")
    LetterFactory(subject="Invitation", confidential=True, to__name="Ann Ng")
    assert listed(client, state="failed") == ["Failed one"]
    assert listed(client, kind="person_invited") == ["Invitation"]
    assert listed(client, search="belfast") == ["Failed one"]
    assert listed(client, search="ann ng") == ["Invitation"]


@pytest.mark.parametrize("letters", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(client, ada, letters, django_assert_num_queries):
    LetterFactory.create_batch(letters)
    with django_assert_num_queries(5):
        client.get(reverse("mail:letter-list"))


def test_list_has_pages(client, ada):
    LetterFactory.create_batch(26)
    assert len(listed(client)) == 25
    assert len(listed(client, page=2)) == 1


def test_letter_is_shown_as_it_was_written(client, ada):
    letter = LetterFactory(body_text="Dear Ann,\n<b>bold</b>", failed=True)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "Dear Ann,\n&lt;b&gt;bold&lt;/b&gt;" in page
    assert "550 no such mailbox" in page
    assert letter.why in page


@pytest.mark.parametrize("kind", ["person_invited", "sign_in_asked", "a_kind_of_an_older_release"])
def test_text_with_a_secret_is_shown_to_nobody(client, ada, kind):
    letter = LetterFactory(kind=kind, to=ada, body_text="the-secret", body_html="<a>the-secret</a>")
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "the-secret" not in page
    assert "Its text is for its reader alone" in page


def test_failed_letter_is_sent_again_by_who_steers(client, ada, mailoutbox):
    letter = LetterFactory(failed=True)
    client.post(reverse("mail:letter-retry", args=[letter.code]))
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT
    assert [message.to for message in mailoutbox] == [[letter.to_address]]
    assert history_of(letter)[0].sentence.startswith("Ada sent a letter again")


def test_waiting_letter_is_cancelled_once(client, ada, mailoutbox):
    letter = LetterFactory()
    for _press in range(2):
        page = client.post(reverse("mail:letter-cancel", args=[letter.code]), follow=True)
    letter.refresh_from_db()
    assert letter.state == LetterState.CANCELLED
    assert "This is no longer possible" in page.content.decode()
    assert len(history_of(letter)) == 1
    assert mailoutbox == []


def test_observer_reads_and_is_offered_nothing(client):
    client.force_login(UserFactory(observer=True))
    letter = LetterFactory(failed=True)
    assert "Send now" not in client.get(letter.get_absolute_url()).content.decode()
