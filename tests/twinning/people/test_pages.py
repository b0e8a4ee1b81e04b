"""The pages about people, as administrators and everybody use them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.cohorts import HostContactFactory, MembershipFactory
from tests.factories.people import InvitationFactory, UserFactory
from twinning.people.models import Invitation
from twinning.people.services.accounts import deactivate_person
from twinning.people.services.invitations import invite_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    ada = UserFactory(administrator=True, name="Ada")
    client.force_login(ada)
    return ada


# --- Own settings -------------------------------------------------------------------------------------------------------


def test_language_zone_and_colours_follow_the_settings_at_once(client):
    ann = UserFactory(name="Ann", theme="")
    client.force_login(ann)
    settings = {
        "name": "Ann Ng",
        "organisation": "City",
        "language": "de",
        "time_zone": "Atlantic/Azores",
        "theme": "dark",
    }
    answer = client.post(reverse("people:own-settings"), settings, follow=True)
    assert answer.headers["Content-Language"] == "de"
    assert '<html lang="de" data-bs-theme="dark">' in answer.content.decode()
    ann.refresh_from_db()
    assert (ann.name, ann.organisation, ann.time_zone) == ("Ann Ng", "City", "Atlantic/Azores")


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Moon/Base"), ("language", "tlh"), ("theme", "pink"), ("name", ""), ("name", "x" * 121)],
)
def test_setting_that_does_not_exist_is_refused_beside_its_field(client, field, value):
    ann = UserFactory()
    client.force_login(ann)
    settings = {"name": "Ann", "language": "en", "time_zone": "Europe/Lisbon", "theme": "", field: value}
    answer = client.post(reverse("people:own-settings"), settings)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_settings_cannot_smuggle_in_a_role(client):
    ann = UserFactory()
    client.force_login(ann)
    settings = {"name": "Ann", "language": "en", "time_zone": "Europe/Lisbon", "platform_role": "administrator"}
    client.post(reverse("people:own-settings"), settings)
    ann.refresh_from_db()
    assert ann.platform_role == ""


# --- People -------------------------------------------------------------------------------------------------------------


def test_people_are_found_by_every_word_of_name_address_or_organisation(client, ada):
    UserFactory(name="Ana Lima", email="ana@porto.example", organisation="Porto")
    UserFactory(name="Ana Novak", email="novak@kranj.example", organisation="Kranj")

    def found(**query):
        page = client.get(reverse("people:person-list"), query).context["page"]
        return [person.name for person in page]

    assert found(search="ana") == ["Ana Lima", "Ana Novak"]
    assert found(search="ana kranj") == ["Ana Novak"]
    assert found(search="PORTO") == ["Ana Lima"]
    assert found(role="administrator") == ["Ada"]
    assert found(role="none") == ["Ana Lima", "Ana Novak"]
    assert found(is_active="no") == []
    assert found(role="king", is_active="maybe") == ["Ada", "Ana Lima", "Ana Novak"]


def test_list_shows_what_people_are_in_cohorts(client, ada):
    MembershipFactory(user__name="Ann", lead=True, participation__city__name="Belfast")
    page = client.get(reverse("people:person-list")).content.decode()
    assert "Lead officer of Belfast" in page


@pytest.mark.parametrize("people", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(client, ada, people, django_assert_num_queries):
    for _number in range(people):
        MembershipFactory(user=HostContactFactory().user)
    client.get(reverse("people:person-list"))
    with django_assert_num_queries(10):
        client.get(reverse("people:person-list"))


def test_administrator_changes_a_role_and_sees_it_in_the_history(client, ada):
    ann = UserFactory(name="Ann")
    page = client.post(reverse("people:person-role", args=[ann.code]), {"role": "facilitator"}, follow=True)
    assert "Ada changed the role of Ann" in page.content.decode()
    ann.refresh_from_db()
    assert ann.is_facilitator


def test_role_that_does_not_exist_changes_nothing(client, ada):
    ann = UserFactory(facilitator=True)
    client.post(reverse("people:person-role", args=[ann.code]), {"role": "king"})
    ann.refresh_from_db()
    assert ann.is_facilitator


def test_last_administrator_reads_why_the_role_stays(client, ada):
    page = client.post(reverse("people:person-role", args=[ada.code]), {"role": ""}, follow=True)
    assert "This is the last administrator." in page.content.decode()


def test_deactivation_asks_for_a_reason(client, ada):
    ann = UserFactory()
    address = reverse("people:person-deactivate", args=[ann.code])
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "Left the city."}).status_code == 302
    ann.refresh_from_db()
    assert not ann.is_active
    client.post(reverse("people:person-reactivate", args=[ann.code]))
    ann.refresh_from_db()
    assert ann.is_active


def test_people_see_their_own_page_without_anything_to_press(client, ada):
    ann = UserFactory(name="Ann")
    client.force_login(ann)
    page = client.get(reverse("people:person-detail", args=[ann.code])).content.decode()
    assert "Save role" not in page
    assert client.get(reverse("people:person-detail", args=[ada.code])).status_code == 404


# --- Invitations ----------------------------------------------------------------------------------------------------------


def test_administrator_invites_sends_again_and_withdraws(client, ada, mailoutbox):
    form = {"email": "ann@example.org", "name": "Ann", "platform_role": "facilitator", "language": "en"}
    page = client.post(reverse("people:invitation-create"), form, follow=True)
    assert "ann@example.org is invited" in page.content.decode()
    invitation = Invitation.objects.get()
    client.post(reverse("people:invitation-resend", args=[invitation.code]))
    assert len(mailoutbox) == 2
    client.post(reverse("people:invitation-withdraw", args=[invitation.code]))
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    again = client.post(reverse("people:invitation-resend", args=[invitation.code]), follow=True)
    html = again.content.decode()
    assert "has been withdrawn" in html
    assert f"{ada} invited Ann" in html
    assert f"{ada} sent the invitation of Ann again" in html
    assert f"{ada} withdrew the invitation of Ann" in html


def test_coordinator_is_not_even_offered_to_make_administrators(client):
    client.force_login(UserFactory(coordinator=True))
    form = client.get(reverse("people:invitation-create")).context["form"]
    assert "administrator" not in dict(form.fields["platform_role"].choices)
    bad = {"email": "ann@example.org", "platform_role": "administrator", "language": "en"}
    assert client.post(reverse("people:invitation-create"), bad).status_code == 422
    assert not Invitation.objects.exists()


def test_refusal_stands_above_the_form(client, ada):
    UserFactory(email="ann@example.org", observer=True)
    form = {"email": "Ann@Example.org", "platform_role": "facilitator", "language": "en"}
    answer = client.post(reverse("people:invitation-create"), form)
    assert answer.status_code == 422
    assert "has an account already, as Observer" in str(answer.context["form"].non_field_errors())


def test_invitations_are_narrowed_by_state(client, ada):
    now = timezone.now()
    InvitationFactory(email="open@example.org")
    InvitationFactory(email="expired@example.org", expires_at=now)
    InvitationFactory(email="withdrawn@example.org", withdrawn_at=now)
    InvitationFactory(email="accepted@example.org", accepted_at=now, accepted_by=ada)
    for state in ("open", "expired", "withdrawn", "accepted"):
        rows = client.get(reverse("people:invitation-list"), {"state": state}).context["rows"]
        assert [(row.invitation.email, row.state) for row in rows] == [(f"{state}@example.org", state)]


@pytest.mark.parametrize("invitations", [1, 3])
def test_invitations_cost_the_same_for_one_and_for_three(client, ada, invitations, django_assert_num_queries):
    InvitationFactory.create_batch(invitations)
    with django_assert_num_queries(6):
        client.get(reverse("people:invitation-list"))


def test_page_of_the_list_of_invitations_shows_no_secret(client, ada, mailoutbox):
    invite_person("ann@example.org", by=ada, now=timezone.now(), platform_role="observer")
    page = client.get(reverse("people:invitation-list")).content.decode()
    assert Invitation.objects.get().secret_hash not in page
    assert "/join/" not in page


def test_deactivated_person_is_told_apart_in_the_list(client, ada):
    ann = UserFactory(name="Ann")
    deactivate_person(ann, by=ada, now=timezone.now(), reason="Left.")
    assert "Deactivated" in client.get(reverse("people:person-list"), {"search": "Ann"}).content.decode()
