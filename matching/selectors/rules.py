"""Rules and wishes as pages read them, and refusals of the engine in words."""

from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from cohorts.models import Cohort, Participation, host_label
from cohorts.states import CityKind

from ..engine.types import Issue, Market
from ..models import Rule, Wish
from ..states import PAIR_RULES, VALUE_RULES, GroupBy, RuleKind, Together, TraitField

ISSUES = {
    "lock_twice": gettext_lazy("%(first)s is locked to two hosts. Release one of the locks."),
    "lock_forbidden": gettext_lazy(
        "%(first)s is locked to %(second)s, and another rule forbids this pair. Take one of the two back."
    ),
    "lock_seats": gettext_lazy("More twins are locked to %(first)s than it has places. Release one of them."),
}


def rules_of(cohort: Cohort):
    """The rules that hold in a cohort, in the order of their kinds."""
    return Rule.objects.in_cohort(cohort).current().with_sides().order_by("kind", "pk")


def rule_sentence(rule: Rule) -> str:
    """The rule in one sentence, without its reason."""
    if rule.kind in PAIR_RULES:
        return pair_sentence(rule.kind, twin=rule.participation.city.name, host=host_label(rule.hosting.host))
    if rule.kind in VALUE_RULES:
        return value_sentence(rule.kind, rule.twin_field, rule.twin_value, rule.host_field, rule.host_value)
    if rule.kind == RuleKind.CAP:
        return cap_sentence(rule.most, rule.group_by, host_label(rule.hosting.host) if rule.hosting else "")
    if rule.kind == RuleKind.RESERVE:
        return _("%(twin)s is in reserve: it takes a place that all others leave") % {
            "twin": rule.participation.city.name
        }
    return f"{rule.get_kind_display()}: {dict(Together.choices).get(rule.together, '')}"


def pair_sentence(kind: str, *, twin: str, host: str) -> str:
    """A rule on one twin and one host."""
    words = {
        RuleKind.VETO: _("%(twin)s must not go to %(host)s"),
        RuleKind.LOCK: _("%(twin)s goes to %(host)s"),
        RuleKind.CONFLICT: _("%(twin)s and %(host)s have a conflict of interest"),
    }
    return words[kind] % {"twin": twin, "host": host}


def value_sentence(kind: str, twin_field: str, twin_value: str, host_field: str, host_value: str) -> str:
    """A rule by value."""
    words = {"twins": _trait(twin_field, twin_value), "hosts": _trait(host_field, host_value)}
    if kind == RuleKind.MUST:
        return _("Twins (%(twins)s) go only to hosts (%(hosts)s)") % words
    return _("Twins (%(twins)s) never go to hosts (%(hosts)s)") % words


def cap_sentence(most: int, group_by: str, host: str) -> str:
    """A cap on twins of one value, at one host or, without a name, at each."""
    words = {"most": most, "what": str(dict(GroupBy.choices).get(group_by, "")), "host": host or _("any host")}
    return (
        ngettext(
            "At most %(most)s twin of one %(what)s at %(host)s",
            "At most %(most)s twins of one %(what)s at %(host)s",
            most,
        )
        % words
    )


def _trait(field: str, value: str) -> str:
    if field == TraitField.ANY:
        return _("all")
    label = str(dict(TraitField.choices).get(field, field)).partition(" (")[0]
    if field == TraitField.COUNTRY:
        value = countries.name(value.upper()) or value
    if field == TraitField.KIND:
        value = str(dict(CityKind.choices).get(value, value))
    return f"{label}: {value}"


def twins_with_wishes(cohort: Cohort):
    """The participating twins by name, each with `ranked_wishes`."""
    wishes = (
        Wish.objects.select_related("hosting__host")
        .prefetch_related("hosting__host__host_cities__city")
        .order_by("rank")
    )
    rows = Participation.objects.in_cohort(cohort).participating().select_related("city")
    return rows.prefetch_related(Prefetch("wishes", wishes, to_attr="ranked_wishes")).order_by("city__name", "pk")


def issue_sentences(issues: Iterable[Issue], market: Market) -> list[str]:
    """Contradictions of the rules with names instead of ids."""
    names = {twin.id: twin.place.name for twin in market.twins} | {host.id: host.name for host in market.hosts}
    sentences = []
    for issue in issues:
        if issue.code not in ISSUES:
            sentences.append(issue.message)
            continue
        called = [names.get(one, one) for one in issue.ids] + ["", ""]
        sentences.append(str(ISSUES[issue.code]) % {"first": called[0], "second": called[1]})
    return sentences
