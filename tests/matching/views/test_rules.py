import pytest
from django.urls import reverse

from matching.models import Rule
from tests.factories.matching import RuleFactory, WishFactory, cohort_to_match
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    user = UserFactory(coordinator=True)
    client.force_login(user)
    return user


def url(cohort):
    return reverse("matching:rule-list", args=[cohort.slug])


def test_a_pair_is_forbidden_and_the_rule_ended(client, coordinator):
    cohort = cohort_to_match()
    twin, host = cohort.participations.first(), cohort.hostings.first()
    data = {"family": "pair", "kind": "veto", "participation": twin.pk, "hosting": host.pk, "reason": "Old quarrel"}

    assert client.post(url(cohort), data).status_code == 302
    rule = Rule.objects.get()
    page = client.get(url(cohort)).text
    assert f"{twin.city.name} must not go to" in page
    assert "Old quarrel" in page

    assert client.post(reverse("matching:rule-end", args=[cohort.slug, rule.code])).status_code == 302
    assert "Old quarrel" not in client.get(url(cohort)).text


@pytest.mark.parametrize(
    "data",
    [
        {"family": "value", "kind": "must", "twin_field": "country", "twin_value": "FI", "host_field": "country",
         "host_value": "SE"},
        {"family": "sharing", "kind": "same_country", "together": "avoid"},
        {"family": "cap", "kind": "cap", "most": "1", "group_by": "country"},
        {"family": "reserve", "kind": "reserve"},
    ],
)  # fmt: skip
def test_every_family_of_rules_has_its_form(client, coordinator, data):
    cohort = cohort_to_match()
    twin = cohort.participations.order_by("pk").first()

    assert client.post(url(cohort), data | {"participation": twin.pk, "reason": "Agreed"}).status_code == 302
    assert Rule.objects.get().kind == data["kind"]


def test_what_is_missing_is_said_at_the_form(client, coordinator):
    cohort = cohort_to_match()

    response = client.post(url(cohort), {"family": "sharing", "kind": "same_country", "reason": "Why not"})

    assert response.status_code == 422
    assert "what sharing it means" in response.text
    assert client.post(url(cohort), {"family": "made-up"}).status_code == 400
    assert not Rule.objects.exists()


def test_wishes_are_noted_in_their_order(client, coordinator):
    cohort = cohort_to_match()
    twin = cohort.participations.get(city__name="Twin 0")
    first, second = cohort.hostings.order_by("pk")
    address = reverse("matching:wish-edit", args=[cohort.slug, twin.city.slug])
    assert client.get(address).status_code == 200

    client.post(address, {"host_1": second.pk, "evidence_1": "Its winter", "host_3": first.pk})

    assert [(wish.rank, wish.hosting, wish.evidence) for wish in twin.wishes.order_by("rank")] == [
        (1, second, "Its winter"),
        (2, first, ""),
    ]
    assert "Its winter" in client.get(url(cohort)).text
    assert client.post(address, {"host_1": second.pk, "host_2": second.pk}).status_code == 422


@pytest.mark.parametrize("size", [1, 6])
def test_the_page_of_rules_asks_a_fixed_number_of_queries(client, coordinator, django_assert_num_queries, size):
    cohort = cohort_to_match(twins=size, hosts=size)
    for participation, hosting in zip(cohort.participations.all(), cohort.hostings.all(), strict=True):
        RuleFactory(cohort=cohort, participation=participation, hosting=hosting)
        WishFactory(participation=participation, hosting=hosting)
    client.get(url(cohort))

    with django_assert_num_queries(34):
        client.get(url(cohort))


def test_rules_that_clash_are_shown_where_they_are_made_and_give_way_there(client, coordinator):
    cohort = cohort_to_match()
    pair = {"participation": cohort.participations.first(), "hosting": cohort.hostings.first()}
    for kind in ("lock", "conflict"):
        RuleFactory(cohort=cohort, kind=kind, **pair)
    mend = reverse("matching:rule-mend", args=[cohort.slug])

    (way,) = client.get(url(cohort)).context["outlook"].clash.ways
    assert "Say why this gives way." in client.post(mend, {"repair": way.key}, follow=True).text
    page = client.post(mend, {"repair": way.key, "reason": "They advise each other"}, follow=True)

    assert "The rules can hold together now: Release" in page.text
    assert page.context["outlook"].clash is None
    assert [rule.kind for rule in Rule.objects.current()] == ["conflict"]
    assert "have changed" in client.post(mend, {"repair": way.key, "reason": "Again"}, follow=True).text
