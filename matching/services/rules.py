"""What no plan of a cohort may break, and what its twins wish for."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Hosting, Participation, host_label
from cohorts.services.hostings import change_capacity
from twinning.audit.services import record
from twinning.core.errors import Refused, require_clean

from ..engine.clashes import Change
from ..models import Rule, Wish
from ..selectors.clashing import Words, way_out
from ..selectors.rules import rule_sentence, rules_of
from ..snapshot import market_of, name_of
from ..states import PAIR_RULES, TOGETHER_RULES, VALUE_RULES, RuleKind, RunScope, Together

MOST_WISHES = 10
FIELDS_OF = {
    **dict.fromkeys(PAIR_RULES, ("participation", "hosting")),
    **dict.fromkeys(VALUE_RULES, ("twin_field", "twin_value", "host_field", "host_value")),
    **dict.fromkeys(TOGETHER_RULES, ("together",)),
    RuleKind.CAP: ("group_by", "most", "hosting"),
    RuleKind.RESERVE: ("participation",),
}


@transaction.atomic
def add_rule(rule: Rule, *, by, now: datetime) -> Rule:
    """Make this rule hold in the cohort's next runs. Journals it.

    `rule` is unsaved; fields that its kind does not use are emptied. Refused without what the kind asks for, without a
    reason, for sides of another cohort, or where the same rule stands.
    """
    used = FIELDS_OF.get(rule.kind, ())
    for name in {name for names in FIELDS_OF.values() for name in names} - set(used):
        setattr(rule, name, None if name in ("participation", "hosting", "most") else "")
    rule.reason, rule.created_by, rule.created_at = rule.reason.strip(), by, now
    for side in (rule.participation, rule.hosting):
        if side is not None and side.cohort_id != rule.cohort_id:
            raise Refused(_("%(side)s takes no part in this cohort.") % {"side": side})
    require_clean(rule)
    rule.save()
    words = {"cohort": str(rule.cohort), "rule": rule_sentence(rule), "reason": rule.reason}
    record(rule, "matching.rule.added", by=by, at=now, data=words)
    return rule


@transaction.atomic
def end_rule(rule: Rule, *, by, now: datetime, reason: str = "") -> Rule:
    """The rule holds no more; it stays on record. Journals it. Refused for one that ended before.

    `reason`: why it had to give way to others.
    """
    rule = Rule.objects.select_for_update(of=("self",)).with_sides().select_related("cohort").get(pk=rule.pk)
    if rule.ended_at:
        raise Refused(_("This rule has ended already."))
    rule.ended_at, rule.ended_by = now, by
    rule.save(update_fields=["ended_at", "ended_by", "updated_at"])
    words = {"cohort": str(rule.cohort), "rule": rule_sentence(rule)}
    if reason:
        record(rule, "matching.rule.gave_way", by=by, at=now, data=words | {"reason": reason})
    else:
        record(rule, "matching.rule.ended", by=by, at=now, data=words)
    return rule


@transaction.atomic
def mend_rules(
    cohort: Cohort, *, repair: str, reason: str, by, now: datetime, scope: str = RunScope.OPEN
) -> tuple[str, ...]:
    """Let rules give way as the repair of this name says, so that those left can hold together. Returns it in words.

    Journals each change with the reason. The repair is found and checked anew; refused where it is none any more.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    if not reason.strip():
        raise Refused(_("Say why this gives way."))
    market = market_of(cohort, scope=scope)
    found = way_out(market, repair)
    if found is None:
        raise Refused(_("The rules have changed since you saw this way out. Look at them again."))
    words = Words(market)
    for change in found.changes:
        _give_way(cohort, change, reason=reason.strip(), by=by, now=now)
    return tuple(words.of_change(change) for change in found.changes)


def _give_way(cohort: Cohort, change: Change, *, reason: str, by, now: datetime) -> None:
    if change.kind == "seats":
        hosting = Hosting.objects.in_cohort(cohort).get(host__slug=change.ids[0])
        change_capacity(
            hosting, fewest=hosting.capacity_minimum, most=hosting.capacity_maximum + 1, by=by, now=now
        )  # fmt: skip
        record(hosting, "matching.places.added", by=by, at=now, data={"reason": reason})
        return
    for rule in rules_of(cohort):
        if not _says(rule, change):
            continue
        end_rule(rule, by=by, now=now, reason=reason)
        milder = _milder(rule)
        if milder is not None:
            milder.reason = reason
            add_rule(milder, by=by, now=now)


def _says(rule: Rule, change: Change) -> bool:
    """Whether this rule is what the engine calls so."""
    if rule.kind in PAIR_RULES:
        return (rule.kind, rule.participation.city.slug, rule.hosting.host.slug) == (change.kind, *change.ids)
    if rule.kind in TOGETHER_RULES:
        return rule.kind == change.kind
    return (change.kind, change.ids) == ("group" if rule.kind == RuleKind.CAP else "value_rule", (name_of(rule),))


def _milder(rule: Rule) -> Rule | None:
    """The rule that takes its place: one twin more, or avoiding instead of forbidding. Others just end."""
    same = {"cohort": rule.cohort, "kind": rule.kind}
    if rule.kind == RuleKind.CAP:
        return Rule(**same, group_by=rule.group_by, most=rule.most + 1, hosting=rule.hosting)
    return Rule(**same, together=Together.AVOID) if rule.kind in TOGETHER_RULES else None


@transaction.atomic
def set_wishes(participation: Participation, *, wishes: Sequence[tuple[Hosting, str]], by, now: datetime) -> list[Wish]:
    """Note the hosts that a twin asks for, the dearest first, each with what it says. Replaces the earlier ones.

    Journals it. Refused for a host that is named twice or takes no part, and beyond ten wishes.
    """
    Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    hostings = [hosting for hosting, _evidence in wishes]
    if len(hostings) > MOST_WISHES:
        raise Refused(_("At most %(most)s wishes.") % {"most": MOST_WISHES})
    if len({hosting.pk for hosting in hostings}) < len(hostings):
        raise Refused(_("A host is named twice."))
    if any(hosting.cohort_id != participation.cohort_id for hosting in hostings):
        raise Refused(_("A host takes no part in this cohort."))
    participation.wishes.all().delete()
    rows = [
        Wish(participation=participation, hosting=hosting, rank=rank, evidence=evidence.strip())
        for rank, (hosting, evidence) in enumerate(wishes, 1)
    ]
    Wish.objects.bulk_create(rows)
    names = ", ".join(host_label(hosting.host) for hosting in hostings) or _("none")
    data = {"twin": participation.city.name, "hosts": names}
    record(participation, "matching.wishes.set", by=by, at=now, data=data)
    return rows
