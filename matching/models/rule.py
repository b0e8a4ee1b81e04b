from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Hosting, Participation
from twinning.core.models import PublicCode, TimeStamped

from ..states import PAIR_RULES, TOGETHER_RULES, VALUE_RULES, GroupBy, RuleKind, Together, TraitField


class RuleQuerySet(models.QuerySet):
    def in_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def current(self):
        """Rules that hold now; an ended one stays on record."""
        return self.filter(ended_at=None)

    def with_sides(self):
        rows = self.select_related("participation__city", "hosting__host", "created_by")
        return rows.prefetch_related("hosting__host__host_cities__city")


class Rule(PublicCode, TimeStamped):
    """What no plan of a cohort may break, with the reason. It is ended, never changed: runs keep what held then.

    A pair rule names twin and host. A value rule asks both sides for a value. A rule on country or language says what
    the cohort thinks of two sides that share one. A cap limits the twins of one value at a host, or at every host.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="rules")
    kind = models.CharField(_("kind"), max_length=14, choices=RuleKind)
    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("twin")
    )
    hosting = models.ForeignKey(
        Hosting, on_delete=models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("host")
    )
    twin_field = models.CharField(_("twins with"), max_length=10, choices=TraitField, blank=True)
    twin_value = models.CharField(_("value"), max_length=80, blank=True)
    host_field = models.CharField(_("hosts with"), max_length=10, choices=TraitField, blank=True)
    host_value = models.CharField(_("value"), max_length=80, blank=True)
    together = models.CharField(_("sharing it"), max_length=10, choices=Together, blank=True)
    group_by = models.CharField(_("twins of one"), max_length=10, choices=GroupBy, blank=True)
    most = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True, validators=[MinValueValidator(1)])
    reason = models.CharField(_("reason"), max_length=500)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="rules_made"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="rules_ended"
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="rule_with_reason", violation_error_message=_("Say why.")
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=PAIR_RULES) | Q(participation__isnull=False, hosting__isnull=False),
                name="rule_of_pair_names_both",
                violation_error_message=_("Choose a twin and a host."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=VALUE_RULES) | (~Q(twin_field="") & ~Q(host_field="")),
                name="rule_by_value_asks_both",
                violation_error_message=_("Say which twins and which hosts."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=TOGETHER_RULES) | ~Q(together=""),
                name="rule_on_sharing_says_how",
                violation_error_message=_("Say what sharing it means."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=RuleKind.CAP) | (~Q(group_by="") & Q(most__gte=1)),
                name="rule_cap_has_number",
                violation_error_message=_("Say how many twins of what."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=RuleKind.RESERVE) | Q(participation__isnull=False),
                name="rule_of_reserve_names_twin",
                violation_error_message=_("Choose a twin."),
            ),
            models.UniqueConstraint(
                fields=["cohort", "participation"],
                condition=Q(ended_at=None, kind=RuleKind.RESERVE),
                name="rule_of_reserve_once",
                violation_error_message=_("This twin is in reserve already."),
            ),
            models.UniqueConstraint(
                fields=["cohort", "kind", "participation", "hosting"],
                condition=Q(ended_at=None, kind__in=PAIR_RULES),
                name="rule_of_pair_once",
                violation_error_message=_("This rule stands already."),
            ),
            models.UniqueConstraint(
                fields=["cohort", "kind"],
                condition=Q(ended_at=None, kind__in=TOGETHER_RULES),
                name="rule_on_sharing_once",
                violation_error_message=_("There is such a rule already. End it first."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Wish(TimeStamped):
    """A host that a twin asks for, the dearest first, with what it says in favour of it."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="wishes")
    hosting = models.ForeignKey(Hosting, on_delete=models.CASCADE, related_name="wishes", verbose_name=_("host"))
    rank = models.PositiveSmallIntegerField(_("place"), validators=[MinValueValidator(1)])
    evidence = models.CharField(_("what the twin says in favour of it"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            models.UniqueConstraint(fields=["participation", "hosting"], name="wish_once_for_a_host"),
            models.UniqueConstraint(fields=["participation", "rank"], name="wish_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.participation}: {self.rank}. {self.hosting}"
