"""Filters that a link can carry. Choices never tell more than the reader sees."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

import django_filters
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from twinning.people.models import User

from .models import City, Cohort, FacilitatorAssignment, Host, Pairing, Participation
from .models.city import fold
from .states import CityKind, HostKind, PairingState, ParticipationState

NOTHING = models.Value("", output_field=models.CharField())


def country_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The countries among `codes`, by name."""
    language = get_language()
    return sorted(
        ((code, _country_name(code, language)) for code in set(codes) if code), key=lambda choice: fold(choice[1])
    )


@lru_cache(maxsize=1024)
def _country_name(code: str, language: str) -> str:
    """In the active language, which `language` names."""
    return str(countries.name(code))


def countries_of_cities() -> models.QuerySet:
    """The codes of all countries that have a city here."""
    return City.objects.order_by().values_list("country", flat=True).distinct()


def hosts_named_like(text: str) -> models.QuerySet[Host]:
    """Hosts whose title, acronym or one of whose cities is spelled so."""
    cities = City.objects.named_like(text).values("pk")
    named = Host.objects.filter(
        models.Q(title__icontains=text) | models.Q(acronym__icontains=text) | models.Q(cities__in=cities)
    )
    return Host.objects.filter(pk__in=named.values("pk"))


class PairingFilter(django_filters.FilterSet):
    """Narrows a list of pairings. Give it the reader's pairings as `queryset`: its choices come from them."""

    q = django_filters.CharFilter(label=_("City or host"), method="filter_text")
    country = django_filters.ChoiceFilter(
        label=_("Country of the twin"), field_name="participation__city__country", empty_label=_("All countries")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=PairingState.choices, empty_label=_("All states"))
    facilitator = django_filters.ChoiceFilter(
        label=_("Facilitator"), method="filter_facilitator", empty_label=_("All facilitators")
    )

    class Meta:
        model = Pairing
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer(self.queryset.order_by())

    def offer(self, listed: models.QuerySet) -> None:
        """Set the choices from the pairings of the list; hosts are many and therefore typed."""
        countries, cohorts, facilitators = set(), set(), set()
        for country, value, words, email in self.found_in(listed):
            if country:
                countries.add(country)
            elif email:
                facilitators.add((value, words or email))
            else:
                cohorts.add((value, words))
        self.filters["country"].extra["choices"] = country_choices(countries)
        for name, found in (("facilitator", facilitators), ("cohort", cohorts)):
            if name in self.filters:
                self.filters[name].extra["choices"] = sorted(found, key=lambda choice: (choice[1], choice[0]))
        if "cohort" in self.filters and len(cohorts) < 2 and "cohort" not in self.data:
            del self.filters["cohort"]  # a choice of one narrows nothing

    def found_in(self, listed: models.QuerySet) -> Iterable[tuple[str, str, str, str]]:
        """A row for each country: the country. For each cohort and facilitator: as `few_in` says. One query."""
        countries = listed.values_list("participation__city__country", NOTHING, NOTHING, NOTHING).distinct()
        return countries.union(*self.few_in(listed), all=True)

    def few_in(self, listed: models.QuerySet) -> list[models.QuerySet]:
        """Of each cohort: nothing, slug, title, nothing. Of each facilitator: nothing, code, name, address.

        They are few, and so it is asked whether the list has a pairing of theirs: much cheaper than to read theirs off each pairing.
        """
        few = []
        if "cohort" in self.filters:
            has_pairing = models.Exists(listed.filter(participation__cohort=models.OuterRef("pk")))
            cohorts = Cohort.objects.filter(has_pairing).order_by()
            few.append(cohorts.values_list(NOTHING, "slug", "title", NOTHING))
        if "facilitator" in self.filters:
            theirs = {"assignments__user": models.OuterRef("pk"), "assignments__ended_at": None}
            facilitators = User.objects.filter(models.Exists(listed.filter(**theirs))).order_by()
            few.append(facilitators.values_list(NOTHING, "code", "name", "email"))
        return few

    def filter_text(self, pairings: models.QuerySet, name: str, value: str) -> models.QuerySet:
        cities = City.objects.named_like(value).values("pk")
        hosts = hosts_named_like(value).values("pk")
        return pairings.filter(models.Q(participation__city__in=cities) | models.Q(hosting__host__in=hosts))

    def filter_facilitator(self, pairings: models.QuerySet, name: str, value: str) -> models.QuerySet:
        assigned = FacilitatorAssignment.objects.current().filter(user__code=value)
        return pairings.filter(pk__in=assigned.values("pairing"))


class PairingListFilter(PairingFilter):
    """The same over all cohorts of the reader."""

    cohort = django_filters.ChoiceFilter(
        label=_("Cohort"), field_name="participation__cohort__slug", empty_label=_("All cohorts")
    )

    def found_in(self, listed: models.QuerySet) -> Iterable[tuple[str, str, str, str]]:
        """Who sees all is offered the countries of all cities: to read them off thousands of pairings is a fifth of a page's time.

        Two queries then.
        """
        if not self.request.user.sees_all:
            return super().found_in(listed)
        cohorts, *others = self.few_in(listed)
        return chain(((country, "", "", "") for country in countries_of_cities()), cohorts.union(*others, all=True))


class CityFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name, in any spelling"), method="filter_text")
    country = django_filters.ChoiceFilter(label=_("Country"), empty_label=_("All countries"))
    kind = django_filters.ChoiceFilter(
        label=_("Kind of authority"), choices=CityKind.choices, empty_label=_("All kinds")
    )
    part = django_filters.ChoiceFilter(
        label=_("Part"),
        choices=[("mission", _("Mission Cities")), ("twin", _("Twins")), ("host", _("Cities of a host"))],
        method="filter_part",
        empty_label=_("All cities"),
    )

    class Meta:
        model = City
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["country"].extra["choices"] = country_choices(countries_of_cities())

    def filter_text(self, cities: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return cities.named_like(value)

    def filter_part(self, cities: models.QuerySet, name: str, value: str) -> models.QuerySet:
        chosen = {"mission": {"is_mission_city": True}, "twin": {"twin_count__gt": 0}, "host": {"host_count__gt": 0}}
        return cities.filter(**chosen[value])


class HostFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name or city, in any spelling"), method="filter_text")
    country = django_filters.ChoiceFilter(label=_("Country"), method="filter_country", empty_label=_("All countries"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=HostKind.choices, empty_label=_("All kinds"))
    cohort = django_filters.ModelChoiceFilter(
        label=_("Cohort"),
        queryset=Cohort.objects.none(),
        to_field_name="slug",
        method="filter_cohort",
        empty_label=_("All cohorts"),
    )

    class Meta:
        model = Host
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        codes = City.objects.filter(host_cities__isnull=False).order_by().values_list("country", flat=True).distinct()
        self.filters["country"].extra["choices"] = country_choices(codes)
        self.filters["cohort"].queryset = Cohort.objects.visible_to(self.request.user).order_by("title", "pk")

    def filter_text(self, hosts: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return hosts.filter(pk__in=hosts_named_like(value).values("pk"))

    def filter_country(self, hosts: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return hosts.filter(pk__in=Host.objects.filter(cities__country=value).values("pk"))

    def filter_cohort(self, hosts: models.QuerySet, name: str, value: Cohort) -> models.QuerySet:
        return hosts.filter(pk__in=Host.objects.filter(hostings__cohort=value).values("pk"))


class ParticipationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("City, in any spelling"), method="filter_text")
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ParticipationState.choices, empty_label=_("All states")
    )
    host = django_filters.ChoiceFilter(
        label=_("Host"),
        choices=[("yes", _("With a host")), ("no", _("Without a host"))],
        method="filter_host",
        empty_label=_("All twins"),
    )

    class Meta:
        model = Participation
        fields: list[str] = []

    def filter_text(self, twins: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return twins.filter(city__in=City.objects.named_like(value).values("pk"))

    def filter_host(self, twins: models.QuerySet, name: str, value: str) -> models.QuerySet:
        paired = Pairing.objects.open().values("participation")
        return twins.filter(pk__in=paired) if value == "yes" else twins.exclude(pk__in=paired)
