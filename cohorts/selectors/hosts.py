"""The register of hosts: what they offer, and who learned with them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from ..models import Cohort, Host, Hosting, HostStatement, HostTerm, Pairing
from ..models.host import label_of_host
from ..models.vocabulary import DOMAINS, LEVERS
from ..states import StatementKind


def hosts_for_list(user) -> models.QuerySet[Host]:
    """All hosts by title, with cities, terms and the number of open pairings that the reader knows of. Five queries."""
    twins = (
        Pairing.objects.known_to(user)
        .open()
        .filter(hosting__host=models.OuterRef("pk"))
        .order_by()
        .values("hosting__host")
        .annotate(n=models.Count("pk"))
        .values("n")
    )
    return (
        Host.objects.visible_to(user)
        .annotate(twin_count=models.functions.Coalesce(models.Subquery(twins), 0))
        .prefetch_related("host_cities__city", _ordered_terms())
        .by_label()
    )


def _ordered_terms() -> models.Prefetch:
    rows = HostTerm.objects.select_related("term__vocabulary").order_by("is_inferred", "position", "pk")
    return models.Prefetch("host_terms", rows)


@dataclass(frozen=True)
class TermShown:
    """A domain or lever; inferred ones are a reader's judgement, never the host's own word."""

    label: str
    is_inferred: bool


def terms_shown(rows: Iterable, vocabulary: str) -> list[TermShown]:
    """The domains (or levers) among the rows of a host or participation, those that were stated first."""
    chosen = [row for row in rows if row.term.vocabulary.slug == vocabulary]
    chosen.sort(key=lambda row: (row.is_inferred, row.position, row.pk))
    return [TermShown(row.term.label, row.is_inferred) for row in chosen]


@dataclass(frozen=True)
class HostPage:
    domains: list[TermShown]
    levers: list[TermShown]
    needs: list[TermShown]
    statements: list[tuple[str, list[str]]]  # kind in words, texts
    hostings: list[Hosting]  # of the reader's cohorts, youngest first
    pairings: list[Pairing]  # open ones that the reader knows of, by the twin's name
    visible: frozenset[int]  # ids of the pairings whose page the reader may open


def host_page(host: Host, user) -> HostPage:
    """What a host's page shows besides the host itself. Seven queries."""
    rows = list(host.host_terms.select_related("term__vocabulary").order_by("pk"))
    needs = list(host.needs.select_related("term__vocabulary").order_by("pk"))
    pairings = list(
        Pairing.objects.known_to(user)
        .open()
        .filter(hosting__host=host)
        .select_related("participation__city", "participation__cohort")
        .order_by("participation__city__name", "pk")
    )
    visible = Pairing.objects.visible_to(user).filter(pk__in=[row.pk for row in pairings])
    return HostPage(
        domains=terms_shown(rows, DOMAINS),
        levers=terms_shown(rows, LEVERS),
        needs=terms_shown(needs, DOMAINS) + terms_shown(needs, LEVERS),
        statements=_statements(host.statements.order_by("position", "pk")),
        hostings=list(
            Hosting.objects.visible_to(user)
            .filter(host=host)
            .select_related("cohort")
            .order_by("-cohort__kickoff_on", "-pk")
        ),
        pairings=pairings,
        visible=frozenset(visible.values_list("pk", flat=True)),
    )


def _statements(rows: Iterable[HostStatement]) -> list[tuple[str, list[str]]]:
    rows = list(rows)
    grouped = ((str(kind.label), [row.text for row in rows if row.kind == kind]) for kind in StatementKind)
    return [(label, texts) for label, texts in grouped if texts]


def hostings_for_manage(cohort: Cohort, user) -> models.QuerySet[Hosting]:
    """The hosts of a cohort with `twin_count` and `contact_count`; those that left with twins first, then by name."""
    open_pairings = models.Count("pairings", filter=models.Q(pairings__ended_at=None), distinct=True)
    contacts = models.Count("contacts", filter=models.Q(contacts__ended_at=None), distinct=True)
    needs = models.Q(withdrawn_on__isnull=False, twin_count__gt=0)
    return (
        Hosting.objects.visible_to(user)
        .in_cohort(cohort)
        .with_host()
        .annotate(twin_count=open_pairings, contact_count=contacts)
        .alias(label=label_of_host("host"), is_urgent=models.Case(models.When(needs, then=0), default=1))
        .order_by("is_urgent", "label", "pk")
    )


def hosts_to_join(cohort: Cohort) -> models.QuerySet[Host]:
    """The hosts that are not in the cohort yet, by the names that readers know."""
    return Host.objects.exclude(hostings__cohort=cohort).prefetch_related("host_cities__city").by_label()


def pairings_of_hosting(hosting: Hosting) -> list[Pairing]:
    """The open pairings of a host in one cohort, by the twin's name."""
    return list(hosting.pairings.open().with_sides().order_by("participation__city__name", "pk"))
