"""States of a matching run and of its proposals."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.transitions import Table


class RunState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    STAGED = "staged", _("Staged, nothing decided")
    CONFIRMED = "confirmed", _("Confirmed")
    DISCARDED = "discarded", _("Discarded")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


SOLVED_RUN = (RunState.STAGED, RunState.CONFIRMED)
DECIDED_RUN = (RunState.CONFIRMED, RunState.DISCARDED, RunState.CANCELLED)
UNSOLVED_RUN = (RunState.QUEUED, RunState.RUNNING)

RUN_MOVES = Table.of(
    ("begin", [RunState.QUEUED], RunState.RUNNING),
    ("stage", [RunState.QUEUED, RunState.RUNNING], RunState.STAGED),
    ("fail", [RunState.QUEUED, RunState.RUNNING], RunState.FAILED),
    ("confirm", [RunState.STAGED], RunState.CONFIRMED),
    ("cancel", [RunState.QUEUED, RunState.RUNNING], RunState.CANCELLED),
    ("discard", [RunState.STAGED, RunState.FAILED], RunState.DISCARDED),
)


class RunStage(models.TextChoices):
    """What a worker is at while it solves a run."""

    READING = "reading", _("Reading what the cities wrote")
    SOLVING = "solving", _("Looking for the best plan")
    EXPLAINING = "explaining", _("Writing the reasons")


class RunScope(models.TextChoices):
    OPEN = "open", _("Twins without a host")
    ALL = "all", _("All twins, as if nothing were decided")


class Objective(models.TextChoices):
    TOTAL = "total", _("Best total")
    WORST_FIRST = "worst_first", _("Worst-off twin first, then the best total")
    LEXIMIN = "leximin", _("Worst-off twin first, then the next, and so on")


class Movable(models.TextChoices):
    """Which pairs a re-match may touch besides those that need a host. What was announced is locked unless chosen."""

    STAGED = "staged", _("Only pairs that are not announced")
    ANNOUNCED = "announced", _("Also announced pairs that have not met")
    MET = "met", _("All pairs, also those that have met on a visit")


class RuleKind(models.TextChoices):
    VETO = "veto", _("This twin must not go to this host")
    LOCK = "lock", _("This twin goes to this host")
    CONFLICT = "conflict", _("Conflict of interest between twin and host")
    MUST = "must", _("Such twins go only to such hosts")
    MUST_NOT = "must_not", _("Such twins never go to such hosts")
    COUNTRY = "same_country", _("Twin and host of one country")
    LANGUAGE = "same_language", _("Twin and host of one language")
    CAP = "cap", _("At most so many twins of a kind at a host")
    RESERVE = "reserve", _("This twin is in reserve: it takes a place that all others leave")


PAIR_RULES = (RuleKind.VETO, RuleKind.LOCK, RuleKind.CONFLICT)
VALUE_RULES = (RuleKind.MUST, RuleKind.MUST_NOT)
TOGETHER_RULES = (RuleKind.COUNTRY, RuleKind.LANGUAGE)


class TraitField(models.TextChoices):
    """What a rule by value may ask of a side; the engine knows the same names."""

    ANY = "any", _("any")
    COUNTRY = "country", _("country (code, for example FI)")
    KIND = "kind", _("kind of authority")
    DOMAIN = "domain", _("field of action (code)")
    LEVER = "lever", _("lever of change (code)")


class Together(models.TextChoices):
    NEUTRAL = "neutral", _("told, not counted")
    AVOID = "avoid", _("avoid (halves the context)")
    FORBID = "forbid", _("forbid")


class GroupBy(models.TextChoices):
    COUNTRY = "country", _("country")
    KIND = "kind", _("kind of authority")
    DOMAIN = "domain", _("field of action")


class ScenarioState(models.TextChoices):
    OPEN = "open", _("Open")
    CONFIRMED = "confirmed", _("Confirmed")
    DISCARDED = "discarded", _("Put aside")


SCENARIO_MOVES = Table.of(
    ("confirm", [ScenarioState.OPEN], ScenarioState.CONFIRMED),
    ("discard", [ScenarioState.OPEN], ScenarioState.DISCARDED),
)


class StepAction(models.TextChoices):
    LOCK = "lock", _("Lock")
    VETO = "veto", _("Forbid")
    MOVE = "move", _("Move")
    RELEASE = "release", _("Release")
    AIMS = "aims", _("Weights and aim")
    RENEW = "renew", _("Look at the cohort anew")
