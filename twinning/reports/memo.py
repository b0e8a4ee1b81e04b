"""The decision memo of a confirmed run: who decided what, when and why, on which data, with which proof.

`memo_of` reads everything once; `memo_html` and `render_docx` put the same facts on paper.
"""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from matching.models import Proposal, Run, Scenario
from matching.selectors.criteria import CRITERION_LABELS
from matching.selectors.matrix import Row, matrix_of, points_of
from matching.selectors.reasons import part_from_json, sentences_of
from matching.selectors.rematching import is_rematch
from matching.selectors.runs import figures_of, unmatched_rows
from matching.selectors.scenarios import holding, steps_of, with_comments
from matching.services.scenarios import act_of
from matching.states import RunState
from outputs.pdf.render import render_pdf
from twinning.core.errors import Refused


@dataclass(frozen=True)
class MemoReason:
    criterion: str
    points: str  # "12.5 of 20"
    words: str


@dataclass(frozen=True)
class MemoPair:
    twin: str
    host: str
    points: int
    firmness: str  # empty where it was not tried, or after a change by hand
    by_hand: str  # why the engine's proposal was changed; empty where it was not
    reasons: tuple[MemoReason, ...]


@dataclass(frozen=True)
class MemoRemark:
    """What somebody did or said in the scenario."""

    text: str  # an act with its reason, or a comment
    who: str  # "Fay Facilitator, 1 October 2026, 14:00 (Europe/Brussels)"
    about: str = ""  # the twin that a comment is about


@dataclass(frozen=True)
class MemoAlternative:
    """Another scenario beside the one that was decided. Points by its own weights, as its page shows them."""

    name: str
    state: str
    matched: str  # "35 of 36"
    total: int
    lowest: int
    others: int  # twins that it puts elsewhere than the decision


@dataclass(frozen=True)
class Memo:
    title: str
    language: str
    cohort: str
    decided: str  # "Cora Coordinator, 1 October 2026, 14:00 (Europe/Brussels)"
    why: str
    facts: tuple[tuple[str, str], ...]  # what the decision stood on: label, value
    proof: tuple[tuple[str, str], ...]
    weights: tuple[tuple[str, int], ...]
    pairs: tuple[MemoPair, ...]
    overrides: tuple[MemoPair, ...]
    acts: tuple[MemoRemark, ...]
    comments: tuple[MemoRemark, ...]
    alternatives: tuple[MemoAlternative, ...]
    unmatched: tuple[tuple[str, str], ...]  # twin, why


def memo_of(run: Run) -> Memo:
    """The facts of a confirmed run in the reader's language. Refused before the run is confirmed."""
    if run.state != RunState.CONFIRMED:
        raise Refused(_("There is a decision memo only of a confirmed run."))
    matrix = matrix_of(run)
    pairs = tuple(_pair(row) for row in matrix.matched)
    return Memo(
        title=_("Decision on the pairings of %(cohort)s") % {"cohort": run.cohort},
        language=translation.get_language() or "en",
        cohort=str(run.cohort),
        decided=f"{run.decided_by}, {_moment(run, run.decided_at)}",
        why=_why(run),
        facts=_facts(run),
        proof=_proof(run, figures_of(run, matrix)),
        weights=tuple((str(CRITERION_LABELS[slug]), weight) for slug, weight in run.weights.items() if weight),
        pairs=pairs,
        overrides=tuple(pair for pair in pairs if pair.by_hand),
        acts=_acts(run),
        comments=_comments(run),
        alternatives=_alternatives(run, {row.twin: row.host for row in matrix.rows}),
        unmatched=tuple((row["twin"], row["reason"]) for row in unmatched_rows(run, matrix)),
    )


def _moment(run: Run, moment: datetime) -> str:
    zone = zoneinfo.ZoneInfo(run.cohort.time_zone)
    return f"{date_format(timezone.localtime(moment, zone), 'j F Y, H:i')} ({zone.key})"


def _why(run: Run) -> str:
    """What was said when the run's scenario was confirmed, or its re-match accepted; a plain run is confirmed without it."""
    if is_rematch(run):
        return run.moves[0]["reason"]
    said = run.scenario.decided_reason if run.scenario_id else ""
    return said or _("No reason was noted beyond what stands below.")


def _acts(run: Run) -> tuple[MemoRemark, ...]:
    """What was done in the scenario and held when it was confirmed: locks, vetoes, moves, other weights."""
    if not run.scenario_id:
        return ()
    return tuple(MemoRemark(act_of(step), _by(run, step.by, step.at)) for step in holding(steps_of(run.scenario)))


def _comments(run: Run) -> tuple[MemoRemark, ...]:
    if not run.scenario_id:
        return ()
    return tuple(
        MemoRemark(row.text, _by(run, row.by, row.at), about=str(row.participation or ""))
        for row in with_comments(run.scenario)
    )


def _by(run: Run, person, moment: datetime) -> str:
    return ", ".join(words for words in (str(person or ""), _moment(run, moment)) if words)


def _alternatives(run: Run, decided: dict[str, str]) -> tuple[MemoAlternative, ...]:
    """The other scenarios that lay on the table, by name: solved ones over the same twins, begun before the decision."""
    scenarios = list(
        Scenario.objects.in_cohort(run.cohort)
        .filter(scope=run.scope, run__total__isnull=False, created_at__lte=run.decided_at)
        .exclude(pk=run.scenario_id)
        .order_by("name", "pk")
    )
    plans: dict[int, list[tuple[str, str, int]]] = {}
    rows = Proposal.objects.filter(run__in=[scenario.run_id for scenario in scenarios]).order_by("pk")
    for key, *place in rows.values_list("run", "participation__city__slug", "hosting__host__slug", "score"):
        plans.setdefault(key, []).append(tuple(place))
    return tuple(_alternative(scenario, plans.get(scenario.run_id, []), decided) for scenario in scenarios)


def _alternative(scenario: Scenario, plan: list[tuple[str, str, int]], decided: dict[str, str]) -> MemoAlternative:
    scores = [score for _twin, host, score in plan if host]
    return MemoAlternative(
        name=scenario.name,
        state=str(scenario.get_state_display()),
        matched=_("%(matched)d of %(twins)d") % {"matched": len(scores), "twins": len(plan)},
        total=points_of(sum(scores)),
        lowest=points_of(min(scores, default=0)),
        others=sum(decided.get(twin, "") != (host or "") for twin, host, _score in plan),
    )


def _facts(run: Run) -> tuple[tuple[str, str], ...]:
    started = f"{run.started_by}, " if run.started_by else ""
    return (
        (_("Matched"), str(run.get_scope_display())),
        (_("Aim"), str(run.get_objective_display())),
        (_("Run started"), started + _moment(run, run.started_at)),
        (_("Fingerprint of the data"), run.snapshot_hash),
        (_("Version of the engine"), run.engine_version),
        (_("Seed"), run.seed),
    )


def _proof(run: Run, figures) -> tuple[tuple[str, str], ...]:
    proven = _("Yes: the bound below is reached, and code that is not the solver checked it.")
    open_ = _("No: a better plan was not ruled out.")
    return (
        (_("Proven best"), proven if run.is_optimal else open_),
        (_("Total of the engine's plan"), f"{run.total / 100:.2f}"),
        (_("What no plan can exceed"), f"{run.bound / 100:.2f}"),
        (_("Total as decided"), str(figures.total)),
        (_("Twins with a host"), _("%(matched)d of %(twins)d") % {"matched": figures.matched, "twins": figures.twins}),
        (
            _("Mean and lowest pair"),
            _("%(mean)d and %(lowest)d of 100") % {"mean": figures.mean, "lowest": figures.lowest},
        ),
        (_("Changed by hand"), str(figures.changed)),
    )


def _pair(row: Row) -> MemoPair:
    parts = [part_from_json(part) for part in row.proposal.reasons]
    whole = max(sum(part.weight for part in parts), 1)
    ordered = sorted((part for part in parts if part.weight), key=lambda part: (not part.known, -part.weight))
    reasons = tuple(
        MemoReason(
            criterion=str(CRITERION_LABELS[part.criterion]),
            points=_("%(points).1f of %(most).1f")
            % {"points": part.weight * part.score / whole / 100, "most": part.weight * 100 / whole},
            words="; ".join(sentences_of(part)),
        )
        for part in ordered
    )
    firmness = row.firmness
    words = ""
    if firmness:
        words = _("%(label)s: the same host in %(trials)d of 100 trials with other weights")
        words %= {"label": firmness.label, "trials": firmness.trials}
    by_hand = ""
    if row.is_changed:
        engine = row.proposal.engine_hosting
        before = row.names.get(engine.host.slug, "") if engine else _("no host")
        by_hand = _("%(person)s, instead of %(before)s: %(reason)s") % {
            "person": row.proposal.changed_by,
            "before": before,
            "reason": row.proposal.changed_reason,
        }
    return MemoPair(row.name, row.host_name, points_of(row.proposal.score), words, by_hand, reasons)


def memo_html(memo: Memo) -> str:
    return render_to_string(
        "reports/run_memo.html",
        {"memo": memo, "document_language": memo.language, "running_title": memo.title},
    )


def render_memo(memo: Memo) -> bytes:
    """The memo as a tagged PDF. Raises `EngineMissing` where this machine lacks the PDF engine."""
    return render_pdf(memo_html(memo))[0]
