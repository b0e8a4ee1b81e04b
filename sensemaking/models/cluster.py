"""Thematic learning groups of a cohort, and the rounds in which they meet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Hosting, Participation
from twinning.core.models import PublicCode, TimeStamped

from ..states import Phase


class Cluster(PublicCode, TimeStamped):
    """A thematic learning group of one cohort: hosts, and the twins that learn from them."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="clusters")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    hostings = models.ManyToManyField(Hosting, through="ClusterMember", related_name="clusters")
    participations = models.ManyToManyField(Participation, through="ClusterMember", related_name="clusters")

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering = ("cohort", "number")
        constraints = [models.UniqueConstraint(fields=["cohort", "number"], name="cluster_number_once_in_cohort")]

    def __str__(self) -> str:
        return self.name


class ClusterMember(models.Model):
    """A host or a twin in a cluster; inferred where nobody has published it."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="members")
    hosting = models.ForeignKey(
        Hosting, on_delete=models.CASCADE, null=True, blank=True, related_name="cluster_members"
    )
    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, null=True, blank=True, related_name="cluster_members"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "hosting"], name="cluster_hosting_once"),
            models.UniqueConstraint(fields=["cluster", "participation"], name="cluster_participation_once"),
            models.CheckConstraint(
                condition=models.Q(hosting=None) ^ models.Q(participation=None),
                name="cluster_member_is_host_or_twin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster_id}: {self.hosting_id or self.participation_id}"


class Round(TimeStamped):
    """One round of sessions of a cohort, in one of the three phases."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="rounds")
    phase = models.CharField(_("phase"), max_length=12, choices=Phase)
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ("cohort", "number")
        constraints = [models.UniqueConstraint(fields=["cohort", "number"], name="round_number_once_in_cohort")]

    def __str__(self) -> str:
        return self.title or str(
            _("Round %(number)d, %(phase)s") % {"number": self.number, "phase": self.get_phase_display()}
        )
