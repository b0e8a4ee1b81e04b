"""Hosts: who is learned from. A host lives outside cohorts; a hosting is its place in one cohort."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from ..states import HostKind, StatementKind
from .city import City
from .cohort import Cohort
from .vocabulary import Term

MOST_CITIES = 9


def label_of_host(host: str = "pk") -> models.expressions.Combinable:
    """`host_label` as an expression, to order by; `host` is the path to the host's id."""
    cities = HostCity.objects.filter(host=models.OuterRef(host)).order_by()
    name = models.Subquery(cities.order_by("position").values("city__name")[:1])
    count = models.Subquery(cities.values("host").annotate(n=models.Count("pk")).values("n"))
    path = "" if host == "pk" else f"{host}__"
    return models.Case(
        models.When(models.Q(models.lookups.Exact(count, 1)), then=name),
        default=models.functions.Coalesce(f"{path}acronym", f"{path}title"),
        output_field=models.CharField(),
    )


class HostQuerySet(models.QuerySet):
    def by_label(self):
        """In the order of the names that readers know."""
        return self.alias(label=label_of_host()).order_by("label", "pk")

    def visible_to(self, user):
        """The host register is open to everybody who is signed in."""
        return self if user.is_authenticated else self.none()


class Host(TimeStamped):
    """A Pilot Activity of one to nine cities, or a Mission City."""

    slug = models.SlugField(_("id"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=HostKind)
    title = models.CharField(_("title"), max_length=300)
    acronym = models.CharField(_("acronym"), max_length=80, null=True, blank=True)  # noqa: DJ001 null = not stated
    pilot_cohort = models.PositiveSmallIntegerField(_("cohort of the Pilot Cities Programme"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    cities = models.ManyToManyField(City, through="HostCity", related_name="hosts")
    terms = models.ManyToManyField(Term, through="HostTerm", related_name="hosts")
    sources = models.JSONField(_("sources"), default=list, blank=True)

    objects = HostQuerySet.as_manager()

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("cohorts:host-detail", args=[self.slug])

    @property
    def short_name(self) -> str:
        """The acronym where there is one. Lists that have the cities at hand prefer `host_label`."""
        return self.acronym or self.title


def host_label(host: Host) -> str:
    """The name a reader knows: the city of a host that is one city, else the acronym or title. Wants prefetched cities."""
    cities = sorted(host.host_cities.all(), key=lambda row: row.position)
    return cities[0].city.name if len(cities) == 1 else host.short_name


class HostCity(models.Model):
    """A city of a host, in the order of the source; the first one leads."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="host_cities")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="host_cities")
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "city"], name="host_city_once"),
            models.UniqueConstraint(fields=["host", "position"], name="host_city_position_once"),
            models.CheckConstraint(
                condition=models.Q(position__lt=MOST_CITIES),
                name="host_has_at_most_nine_cities",
                violation_error_message=_("A host has at most nine cities."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host_id}: {self.city_id}"


def host_cities(path: str = "host_cities") -> models.Prefetch:
    """For `prefetch_related`: the cities of hosts with their names, which `host_label` wants. One query."""
    return models.Prefetch(path, HostCity.objects.select_related("city"))


class HostTerm(models.Model):
    """A domain or lever of a host. Inferred: a reader's judgement, counts half and is never shown as official."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="host_terms")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="host_terms")
    is_inferred = models.BooleanField(_("inferred"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "term", "is_inferred"], name="host_term_once")]

    def __str__(self) -> str:
        return f"{self.host_id}: {self.term_id}"


class HostNeed(models.Model):
    """A domain or lever that a host wants to learn about from its twins."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="needs")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="host_needs")
    is_inferred = models.BooleanField(_("inferred"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "term"], name="host_need_once")]

    def __str__(self) -> str:
        return f"{self.host_id}: {self.term_id}"


class HostStatement(models.Model):
    """One short text of a host's profile: what it offers, struggles with, expects, and why it takes part."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(_("kind"), max_length=12, choices=StatementKind)
    text = models.TextField(_("text"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.UniqueConstraint(fields=["host", "kind", "position"], name="host_statement_position_once")
        ]

    def __str__(self) -> str:
        return self.text[:80]


class HostingQuerySet(models.QuerySet):
    def in_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def receiving(self):
        """Hostings that can take twins."""
        return self.filter(withdrawn_on=None)

    def with_host(self):
        return self.select_related("host", "cohort").prefetch_related(host_cities("host__host_cities"))

    def by_label(self):
        """In the order of the names that readers know."""
        return self.alias(label=label_of_host("host")).order_by("label", "pk")

    def visible_to(self, user):
        return self.filter(cohort__in=Cohort.objects.visible_to(user))


class Hosting(PublicCode, TimeStamped):
    """A host's place in one cohort, with how many twins it can take."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="hostings")
    host = models.ForeignKey(Host, on_delete=models.PROTECT, related_name="hostings")
    capacity_minimum = models.PositiveSmallIntegerField(_("fewest twins"), default=0)
    capacity_maximum = models.PositiveSmallIntegerField(_("most twins"), default=3)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = HostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("hosting")
        verbose_name_plural = _("hostings")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "host"], name="hosting_once_in_cohort"),
            models.CheckConstraint(
                condition=models.Q(capacity_minimum__lte=models.F("capacity_maximum")),
                name="hosting_capacity_in_order",
                violation_error_message=_("The fewest twins may not be more than the most twins."),
            ),
        ]

    def __str__(self) -> str:
        return host_label(self.host)

    def __repr__(self) -> str:
        return f"<Hosting: {self.pk}>"  # its name takes three queries, and logs and error messages ask for this
