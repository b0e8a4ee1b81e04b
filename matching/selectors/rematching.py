"""What broke in a cohort, and the ways out: what each keeps, who moves, what it costs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from cohorts.models import (
    Cohort,
    Event,
    HostContact,
    Hosting,
    Membership,
    Pairing,
    PairingAnswer,
    Participation,
    host_label,
)
from cohorts.states import AnswerKind, EventKind, EventState, PairingState, Side
from twinning.people.models import User

from ..engine.matcher import in_order, pose
from ..engine.optimiser import digest_of
from ..engine.scenarios import Option as Way
from ..engine.scenarios import replan
from ..engine.scoring import Scorer
from ..engine.types import Lock, Market, Plan, Problem, Veto
from ..models import Criterion, Run
from ..snapshot import market_of
from ..states import Movable, RunScope, RunState
from .criteria import weights_of
from .matrix import points_of

# What a pair counts in a re-match, proposed: the further it has come, the dearer is its change. A cohort may set its own,
# kept under these names among its criteria.
PRICES = {Movable.STAGED: 1, Movable.ANNOUNCED: 2, Movable.MET: 4}
PRICE_SLUGS = {stage: f"rematch-{stage.value}" for stage in PRICES}
STAGES = list(PRICES)
SEED = "0"


@dataclass(frozen=True, slots=True)
class Affected:
    """A twin that needs a host, and why."""

    twin: str
    name: str
    reason: str
    pairing: Pairing | None  # still open: declined, or the host has left


@dataclass(frozen=True, slots=True)
class Change:
    """One twin of an option that does not stay where it is; empty host names: no host."""

    twin: str
    name: str
    before: str
    after: str
    hosting: str  # id of the host afterwards
    points_before: int | None
    points_after: int | None
    note: str  # why this change weighs more than others


@dataclass(frozen=True, slots=True)
class Option:
    """One way out. Points are of 100; `cost` is what its total lies below the best option that seats as many twins."""

    key: str  # A, B, …
    digest: str
    placed: list[Change]  # twins that needed a host
    moved: list[Change]  # twins that had one and change it
    waiting: list[Change]  # twins that stay without
    kept: int
    of: int
    total: int
    lowest: int
    cost: float
    proven: bool  # no plan of this total that seats as many disturbs less
    plan: Plan
    locked: tuple[int, ...]  # rows that were held where they are while it was looked for

    @property
    def changes(self) -> list[Change]:
        return [*self.placed, *self.moved, *self.waiting]


@dataclass(frozen=True)
class Situation:
    """A cohort as a re-match finds it. Rows are its participating twins, columns its receiving hosts."""

    market: Market
    scorer: Scorer
    problem: Problem
    pairings: Mapping[str, Pairing]  # twin id -> open pairing
    affected: list[Affected]
    stages: Mapping[str, str]  # twin id -> how far its pair has come, for pairs that are not affected
    weights: Mapping[str, int]  # of the criteria: those of the last decision
    prices: Mapping[str, int]  # stage -> what a change costs

    @cached_property
    def present(self) -> tuple[int, ...]:
        """For each twin the column of the host that it keeps unless it moves, or -1."""
        column = {host: place for place, host in enumerate(self.problem.host_ids)}
        return tuple(
            column[self.pairings[twin].hosting.host.slug] if twin in self.stages else -1
            for twin in self.problem.twin_ids
        )

    @property
    def staying(self) -> tuple[int, ...]:
        """Rows of the pairs that are not affected."""
        return tuple(row for row, column in enumerate(self.present) if column >= 0)

    def count(self, stage: str) -> int:
        return sum(value == stage for value in self.stages.values())

    def locked_at(self, movable: str) -> tuple[int, ...]:
        """Rows that must stay where they are."""
        free = STAGES[: STAGES.index(movable) + 1]
        return tuple(row for row in self.staying if self.stages[self.problem.twin_ids[row]] not in free)

    def with_locks(self, rows: Collection[int]) -> Problem:
        """The problem in which these rows stay; for the others the locks of the cohort's rules hold."""
        locks = dict(self.problem.locks) | {row: self.present[row] for row in rows}
        return replace(self.problem, locks=tuple(sorted(locks.items())))

    def market_with_locks(self, rows: Collection[int]) -> Market:
        """The market that poses exactly this problem: what an accepted option is kept and explained with."""
        twins, hosts = self.problem.twin_ids, self.problem.host_ids
        stay = {twins[row]: hosts[self.present[row]] for row in rows}
        rules = self.market.rules
        locks = [lock for lock in rules.locks if lock.twin not in stay]
        locks += [Lock(twin, host, _("It stays as it is.")) for twin, host in stay.items()]
        return replace(self.market, rules=replace(rules, locks=tuple(sorted(locks, key=lambda one: one.twin))))


def situation_of(cohort: Cohort) -> Situation:
    """Who needs a host now. Declined pairs are never proposed again. The number of queries does not depend on the size."""
    declined = list(
        PairingAnswer.objects.filter(pairing__participation__cohort=cohort, answer=AnswerKind.DECLINED)
        .select_related("pairing__participation__city", "pairing__hosting__host")
        .order_by("at", "pk")
    )
    market = _market(cohort, declined)
    pairings = {
        row.participation.city.slug: row for row in Pairing.objects.in_cohort(cohort).open().with_sides().order_by("pk")
    }
    met = set(
        Event.objects.filter(
            pairing__in=[row.pk for row in pairings.values()], kind=EventKind.SITE_VISIT, state=EventState.HELD
        ).values_list("pairing_id", flat=True)
    )
    reasons = _reasons(pairings, declined)
    hosts = {host.id for host in market.hosts}
    affected, stages = [], {}
    for twin in market.twins:
        pairing = pairings.get(twin.place.id)
        if pairing is None:
            affected.append(Affected(twin.place.id, twin.place.name, _("It has no host."), None))
        elif pairing.pk in reasons:
            affected.append(Affected(twin.place.id, twin.place.name, reasons[pairing.pk], pairing))
        elif pairing.hosting.host.slug not in hosts:
            words = _("%(host)s has left: %(reason)s") % {
                "host": host_label(pairing.hosting.host),
                "reason": pairing.hosting.withdrawn_reason,
            }
            affected.append(Affected(twin.place.id, twin.place.name, words, pairing))
        else:
            stages[twin.place.id] = _stage(pairing, met)
    weights = _weights(cohort)
    scorer = Scorer(market, weights)
    problem = pose(market, scorer, seed=SEED)
    return Situation(market, scorer, problem, pairings, affected, stages, weights, prices_of(cohort))


def prices_of(cohort: Cohort) -> dict[str, int]:
    """What a change costs by how far a pair has come: the cohort's own numbers, or the proposed ones."""
    slugs = list(PRICE_SLUGS.values())
    own = dict(Criterion.objects.filter(cohort=cohort, slug__in=slugs).values_list("slug", "weight"))
    return {stage: own.get(slug, PRICES[stage]) for stage, slug in PRICE_SLUGS.items()}


def _market(cohort: Cohort, declined: list[PairingAnswer]) -> Market:
    market = in_order(market_of(cohort, scope=RunScope.ALL))
    # A host's smallest number is a wish for a whole plan; nobody is moved after the event to fill it.
    market = replace(market, hosts=tuple(replace(host, minimum=0) for host in market.hosts))
    vetoes = {
        (row.pairing.participation.city.slug, row.pairing.hosting.host.slug): row.reason for row in reversed(declined)
    }
    fresh = tuple(Veto(twin, host, reason) for (twin, host), reason in sorted(vetoes.items()))
    locks = tuple(lock for lock in market.rules.locks if (lock.twin, lock.host) not in vetoes)
    return replace(market, rules=replace(market.rules, vetoes=(*market.rules.vetoes, *fresh), locks=locks))


def _weights(cohort: Cohort) -> dict[str, int]:
    """Those of the last decision; those of the cohort where nothing was decided yet."""
    last = Run.objects.in_cohort(cohort).filter(state=RunState.CONFIRMED).order_by("-decided_at", "-pk").first()
    return last.weights if last else weights_of(cohort)


def _reasons(pairings: Mapping[str, Pairing], declined: list[PairingAnswer]) -> dict[int, str]:
    """Open pairing -> who declined it and why."""
    still_open = {pairing.pk: pairing for pairing in pairings.values()}
    reasons: dict[int, list[str]] = {}
    for row in declined:
        if row.pairing_id in still_open:
            pairing = still_open[row.pairing_id]
            who = pairing.participation.city.name if row.side == Side.TWIN else host_label(pairing.hosting.host)
            words = _("%(who)s declined: %(reason)s") % {"who": who, "reason": row.reason}
            reasons.setdefault(row.pairing_id, []).append(words)
    return {key: " ".join(words) for key, words in reasons.items()}


def _stage(pairing: Pairing, met: set[int]) -> str:
    if pairing.pk in met:
        return Movable.MET
    return Movable.ANNOUNCED if pairing.state == PairingState.ANNOUNCED else Movable.STAGED


def options_of(situation: Situation, *, movable: str) -> list[Option]:
    """A keeps every other pair; the following let pairs move as far as `movable` allows, fewest changes first.

    Each is exact: no plan that disturbs as little has a higher total. Raises UnsolvableRules and OverflowError.
    """
    problem = situation.problem
    if not problem.host_ids or not problem.twin_ids:
        return []
    previous = {problem.twin_ids[row]: problem.host_ids[situation.present[row]] for row in situation.staying}
    dearer = {twin: situation.prices[stage] - 1 for twin, stage in situation.stages.items()}
    found = {}  # places -> the engine's option, and the rows that were held for it
    for rows in (situation.staying, situation.locked_at(movable)):
        for one in replan(situation.with_locks(rows), previous, protection=dearer):
            found.setdefault(one.plan.host_of, (one, rows))
    best = max((one.plan.matched, one.plan.total) for one, _rows in found.values())
    return [_option(situation, one, rows, chr(ord("A") + at), best) for at, (one, rows) in enumerate(found.values())]


def _option(situation: Situation, one: Way, rows: tuple[int, ...], key: str, best: tuple[int, int]) -> Option:
    plan, (matched, total) = one.plan, best
    placed, moved, waiting = [], [], []
    for row, (host, now) in enumerate(zip(plan.host_of, situation.present, strict=True)):
        if host == now and host >= 0:
            continue
        change = _change(situation, row, host)
        if host < 0:
            waiting.append(change)
        elif now >= 0:
            moved.append(change)
        else:
            placed.append(change)
    scores = [int(situation.problem.score[row, host]) for row, host in enumerate(plan.host_of) if host >= 0]
    return Option(
        key, digest_of(situation.problem, plan), placed, moved, waiting,
        kept=one.kept, of=len(situation.stages), total=points_of(plan.total), lowest=points_of(min(scores, default=0)),
        cost=round((total - plan.total) / 100, 1) if plan.matched == matched else 0.0,
        proven=one.proven, plan=plan, locked=rows,
    )  # fmt: skip


def _change(situation: Situation, row: int, host: int) -> Change:
    problem, twin = situation.problem, situation.problem.twin_ids[row]
    names = {one.id: one.name for one in situation.market.hosts}
    pairing = situation.pairings.get(twin)
    before = pairing.hosting.host.slug if pairing else ""
    known = problem.host_ids.index(before) if before in problem.host_ids else -1
    notes = {
        Movable.MET: _("These two have met on a visit."),
        Movable.ANNOUNCED: _("Both sides know of this pair."),
    }
    return Change(
        twin=twin,
        name=situation.market.twins[row].place.name,
        before=host_label(pairing.hosting.host) if pairing else "",
        after=names[problem.host_ids[host]] if host >= 0 else "",
        hosting=problem.host_ids[host] if host >= 0 else "",
        points_before=points_of(int(problem.score[row, known])) if known >= 0 else None,
        points_after=points_of(int(problem.score[row, host])) if host >= 0 else None,
        note=notes.get(situation.stages.get(twin, ""), ""),
    )


def rematches(cohort: Cohort):
    """The re-matches that somebody accepted, newest first: runs whose `moves` say what they change.

    A move is {"twin", "before", "host"} (ids, empty for no host), with reason, by and at. What waits to be announced is
    staged; what was announced is confirmed; what was taken back is discarded.
    """
    return (
        Run.objects.in_cohort(cohort)
        .filter(scenario=None, scope=RunScope.ALL)
        .exclude(moves=[])
        .select_related("started_by", "decided_by")
        .order_by("-pk")
    )


def accepted_rematch(cohort: Cohort) -> Run | None:
    """The one that waits to be announced; at most one does."""
    return rematches(cohort).filter(state=RunState.STAGED).first()


def is_rematch(run: Run) -> bool:
    return run.scenario_id is None and bool(run.moves)


@dataclass(frozen=True, slots=True)
class AcceptedChange:
    """One twin of an accepted re-match; empty host names: no host.

    `readers` get the letter that announces `new`, the pairing as it would be made. `told` get the one that says that
    `old` ends: of a pairing that both sides know of, those who hear of no other host.
    """

    name: str
    before: str
    after: str
    reason: str
    new: Pairing | None
    readers: list[User]
    old: Pairing | None
    told: list[User]


def accepted_changes(run: Run) -> list[AcceptedChange]:
    """What an accepted re-match will change, by the twin's name, and who is told. Seven queries, whatever the size."""
    slugs = {slug for move in run.moves for slug in (move["before"], move["host"])}
    twins = {
        row.city.slug: row
        for row in Participation.objects.in_cohort(run.cohort)
        .filter(city__slug__in=[move["twin"] for move in run.moves])
        .select_related("city", "cohort")
    }
    hostings = Hosting.objects.in_cohort(run.cohort).filter(host__slug__in=slugs).select_related("host")
    hosts = {row.host.slug: row for row in hostings.prefetch_related("host__host_cities__city")}
    known = Pairing.objects.in_cohort(run.cohort).open().filter(announced_at__isnull=False).with_sides()
    ends = {row.participation.city.slug: row for row in known.filter(participation__in=twins.values()).order_by("pk")}
    officers = _people(Membership.objects.filter(participation__in=twins.values()), "participation_id")
    contacts = _people(HostContact.objects.filter(hosting__in=hosts.values()), "hosting_id")
    changes = []
    for move in run.moves:
        twin, before, after, old = (
            twins[move["twin"]], hosts.get(move["before"]), hosts.get(move["host"]), ends.get(move["twin"])
        )  # fmt: skip
        readers = {**officers.get(twin.pk, {}), **contacts.get(after.pk, {})} if after else {}
        told = {**officers.get(twin.pk, {}), **contacts.get(old.hosting_id, {})} if old else {}
        changes.append(
            AcceptedChange(
                name=str(twin.city),
                before=host_label(before.host) if before else "",
                after=host_label(after.host) if after else "",
                reason=move["reason"],
                new=Pairing(participation=twin, hosting=after) if after else None,
                readers=list(readers.values()),
                old=old,
                told=[person for pk, person in told.items() if pk not in readers],
            )
        )
    return sorted(changes, key=lambda change: change.name)


def _people(roles, key: str) -> dict[int, dict[int, User]]:
    """Those who hold these roles now and can sign in, each once: key -> id of the person -> person."""
    people: dict[int, dict[int, User]] = {}
    for row in roles.current().filter(user__is_active=True).select_related("user").order_by("pk"):
        people.setdefault(getattr(row, key), {})[row.user_id] = row.user
    return people
