"""Made-up cohorts of any size as rows, in which both sides say as much as a real city does; nothing about them is true."""

import random

from django.core.management import call_command

from cohorts.models import (
    City,
    Cohort,
    Host,
    HostCity,
    Hosting,
    HostStatement,
    HostTerm,
    Participation,
    ParticipationTerm,
    Term,
)
from cohorts.models.vocabulary import DOMAINS, LEVERS
from cohorts.states import CityKind, HostKind, StatementKind
from matching.models import Wish

BATCH = 500
COUNTRIES = ("AT", "BE", "DE", "ES", "FI", "FR", "GR", "HU", "IE", "IT", "NL", "PL", "PT", "RO", "SE", "SI")
KINDS = (CityKind.CITY, CityKind.MUNICIPALITY)
WISHES = 5


def build(*sizes: str) -> dict[str, str]:
    """A migrated and seeded database with one cohort for each "twinsxhosts"; the slug of each by its size."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_demo", verbosity=0)
    words = _words_of(Cohort.objects.get(slug="cohort-1"))
    found = {}
    for twins, hosts in (map(int, size.split("x")) for size in sizes):
        found[f"{twins} x {hosts}"] = Crowd(twins, hosts, words).build().slug
    return found


def _words_of(cohort: Cohort) -> list[str]:
    """The words with which the real cohort speaks, each as often as it is used."""
    texts = [*Host.objects.filter(hostings__cohort=cohort).values_list("summary", flat=True)]
    texts += [*Participation.objects.in_cohort(cohort).values_list("interests", flat=True)]
    return sorted(word for text in texts for word in text.split())


class Crowd:
    """One cohort; the same size gives the same facts."""

    def __init__(self, twins: int, hosts: int, words: list[str]) -> None:
        self._twins, self._hosts, self._words = twins, hosts, words
        self._dice = random.Random(f"{twins} x {hosts}")
        self._name = f"{twins}-{hosts}"
        self._domains, self._levers = (list(Term.objects.of(slug)) for slug in (DOMAINS, LEVERS))

    def build(self) -> Cohort:
        cohort = Cohort.objects.create(
            slug=f"crowd-{self._name}", title=f"Crowd {self._name}", host_kind=HostKind.PILOT_ACTIVITY
        )
        hostings = self._build_hosts(cohort)
        twins = [
            Participation(cohort=cohort, city=city, interests=self._text(30), challenges=self._text(20))
            for city in self._cities("twin", self._twins)
        ]
        Participation.objects.bulk_create(twins, batch_size=BATCH)
        terms = [
            ParticipationTerm(participation=twin, term=term, position=place)
            for twin in twins
            for place, term in enumerate(self._terms())
        ]
        ParticipationTerm.objects.bulk_create(terms, batch_size=BATCH)
        wishes = [
            Wish(participation=twin, hosting=hosting, rank=place + 1, evidence="Named by the twin")
            for twin in twins
            for place, hosting in enumerate(self._dice.sample(hostings, min(WISHES, len(hostings))))
        ]
        Wish.objects.bulk_create(wishes, batch_size=BATCH)
        return cohort

    def _build_hosts(self, cohort: Cohort) -> list[Hosting]:
        cities = self._cities("host", self._hosts)
        hosts = [
            Host(
                slug=city.slug, kind=HostKind.PILOT_ACTIVITY, title=self._text(5), summary=self._text(60), acronym=None
            )
            for city in cities
        ]
        Host.objects.bulk_create(hosts, batch_size=BATCH)
        HostCity.objects.bulk_create(
            [HostCity(host=host, city=city, position=0) for host, city in zip(hosts, cities, strict=True)],
            batch_size=BATCH,
        )
        HostTerm.objects.bulk_create(
            [HostTerm(host=host, term=term, position=k) for host in hosts for k, term in enumerate(self._terms())],
            batch_size=BATCH,
        )
        HostStatement.objects.bulk_create(
            [
                HostStatement(host=h, kind=kind, text=self._text(20), position=0)
                for h in hosts
                for kind in StatementKind
            ],
            batch_size=BATCH,
        )
        seats = -(-self._twins * 5 // (self._hosts * 4)) + 1
        hostings = [Hosting(cohort=cohort, host=host, capacity_maximum=seats) for host in hosts]
        return Hosting.objects.bulk_create(hostings, batch_size=BATCH)

    def _cities(self, side: str, count: int) -> list[City]:
        cities = [
            City(
                slug=f"{side}-{self._name}-{number:05}",
                name=f"{side.title()} {number}",
                country=self._dice.choice(COUNTRIES),
                kind=self._dice.choice(KINDS),
                population=round(10 ** self._dice.uniform(4, 6.3)),
                search_text=f"{side} {number}",
            )
            for number in range(count)
        ]
        return City.objects.bulk_create(cities, batch_size=BATCH)

    def _text(self, words: int) -> str:
        return " ".join(self._dice.choices(self._words, k=words))

    def _terms(self) -> list[Term]:
        return [*self._dice.sample(self._domains, 3), *self._dice.sample(self._levers, 2)]
