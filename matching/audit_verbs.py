"""Sentences of the journal for matching."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "matching.run.started": _("{by} started a matching run for {cohort}"),
    "matching.run.staged": _("A matching run for {cohort} ended: {matched} matched, {unmatched} without a host"),
    "matching.run.failed": _("A matching run for {cohort} failed: {error}"),
    "matching.run.confirmed": _("{by} confirmed a matching run; pairings: {count}"),
    "matching.run.cancelled": _("{by} cancelled a matching run"),
    "matching.run.discarded": _("{by} discarded a matching run"),
    "matching.proposal.changed": _("{by} changed the proposal for {twin} from {before} to {after}: {reason}"),
    "matching.rematch.accepted": _(
        "{by} accepted a re-match of {object}: {kept} pairs stay, {changed} twins change; {reason}"
    ),
    "matching.rematch.announced": _("{by} announced the re-match of {object}; new pairings: {count}"),
    "matching.rule.added": _("{by} added a rule for {cohort}: {rule}. Reason: {reason}"),
    "matching.rule.ended": _("{by} ended a rule for {cohort}: {rule}"),
    "matching.rule.gave_way": _("{by} let a rule for {cohort} give way to others: {rule}. Reason: {reason}"),
    "matching.places.added": _("{by} raised the places of {object}, so that the matching can hold. Reason: {reason}"),
    "matching.wishes.set": _("{by} noted the wishes of {twin}: {hosts}"),
    "matching.scenario.started": _("{by} started the scenario {object}"),
    "matching.scenario.stepped": _("{by} in {object}: {act}"),
    "matching.scenario.undone": _("{by} undid in {object}: {act}"),
    "matching.scenario.redone": _("{by} did again in {object}: {act}"),
    "matching.scenario.commented": _("{by} commented on {object}"),
    "matching.scenario.confirmed": _("{by} confirmed the scenario {object}; pairings: {count}. Why: {reason}"),
    "matching.scenario.discarded": _("{by} put the scenario {object} aside"),
    "matching.criteria.changed": _("{by} changed the weights of {object}"),
    "matching.bands.changed": _("{by} changed the target bands of {object}: {dimensions}"),
}
