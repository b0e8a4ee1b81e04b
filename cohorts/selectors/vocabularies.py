"""The controlled lists with how often each term is used."""

from django.db import models

from ..models import HostTerm, ParticipationTerm, Term, Vocabulary


def vocabularies_for_list() -> models.QuerySet[Vocabulary]:
    offered = models.Count("terms", filter=models.Q(terms__is_retired=False))
    return Vocabulary.objects.annotate(offered=offered, all=models.Count("terms")).order_by("title", "pk")


def terms_for_list(vocabulary: Vocabulary) -> models.QuerySet[Term]:
    """The terms in their order, each with `uses` by hosts and twins."""
    return vocabulary.terms.annotate(uses=_count_of(HostTerm.objects) + _count_of(ParticipationTerm.objects)).order_by(
        "position", "pk"
    )


def _count_of(rows) -> models.functions.Coalesce:
    counted = rows.filter(term=models.OuterRef("pk")).order_by().values("term").annotate(n=models.Count("pk"))
    return models.functions.Coalesce(models.Subquery(counted.values("n")), 0)
