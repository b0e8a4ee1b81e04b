"""Clusters of a cohort: named, and filled with hosts and twins."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Cluster, ClusterMember

MOST_CLUSTERS = 20


@dataclass(frozen=True)
class Members:
    """Ids of rows: hostings and participations of the cohort."""

    hostings: Sequence[int] = ()
    participations: Sequence[int] = ()


@transaction.atomic
def add_cluster(cohort: Cohort, name: str, *, by, now: datetime.datetime, members: Members | None = None) -> Cluster:
    """One more cluster behind the others."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    last = cohort.clusters.aggregate(last=Max("number"))["last"] or 0
    if cohort.clusters.count() >= MOST_CLUSTERS:
        raise Refused(_("A cohort has at most %(most)d clusters.") % {"most": MOST_CLUSTERS})
    cluster = Cluster.objects.create(cohort=cohort, number=last + 1, name=name)
    _fill(cluster, members or Members())
    record(cohort, "sensemaking.cluster.added", by=by, at=now, data={"cluster": name})
    return cluster


@transaction.atomic
def change_cluster(cluster: Cluster, *, name: str, members: Members, by, now: datetime.datetime) -> Cluster:
    """Another name, other members."""
    cluster = Cluster.objects.select_for_update().get(pk=cluster.pk)
    cluster.name = name
    cluster.save(update_fields=["name", "updated_at"])
    cluster.members.all().delete()
    _fill(cluster, members)
    record(cluster.cohort, "sensemaking.cluster.changed", by=by, at=now, data={"cluster": name})
    return cluster


@transaction.atomic
def remove_cluster(cluster: Cluster, *, by, now: datetime.datetime) -> None:
    """Refused while a session names the cluster."""
    if cluster.sessions.exists():
        raise Refused(_("A session names this cluster. Change the session first."))
    cohort, name = cluster.cohort, cluster.name
    cluster.delete()
    record(cohort, "sensemaking.cluster.removed", by=by, at=now, data={"cluster": name})


def _fill(cluster: Cluster, members: Members) -> None:
    hostings = cluster.cohort.hostings.filter(pk__in=members.hostings).order_by("pk")
    participations = cluster.cohort.participations.filter(pk__in=members.participations).order_by("pk")
    ClusterMember.objects.bulk_create(
        [ClusterMember(cluster=cluster, hosting=hosting) for hosting in hostings]
        + [ClusterMember(cluster=cluster, participation=twin) for twin in participations]
    )
