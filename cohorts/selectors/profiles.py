"""What a host and a twin say about themselves, as values that a form shows and a service compares."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..models import Host, Participation
from ..models.vocabulary import DOMAINS, LEVERS
from .packages import TERM_LISTS, host_row, hosts_for_package

Profile = dict[str, Any]

# key of a profile -> vocabulary; what a host wants to learn, what a twin wants to learn and can teach
HOST_NEEDS = {"needs_domains": DOMAINS, "needs_levers": LEVERS}
TWIN_WISHES = {"domains": DOMAINS, "levers": LEVERS}
TWIN_STRENGTHS = {"strength_domains": DOMAINS, "strength_levers": LEVERS}
TWIN_TEXTS = ("interests", "challenges", "offers")
# every key of a host's profile that holds terms
HOST_TERMS = {**{name: vocabulary for name, (vocabulary, _inferred) in TERM_LISTS.items()}, **HOST_NEEDS}

PROFILE_LABELS = {
    "kind": _("Kind"),
    "title": _("Title"),
    "acronym": _("Acronym"),
    "pilot_cohort": _("Cohort of the Pilot Cities Programme"),
    "cities": _("Cities"),
    "summary": _("Summary"),
    "sources": _("Sources of this record"),
    "domains": _("Domains"),
    "levers": _("Levers"),
    "domains_inferred": _("Domains, inferred"),
    "levers_inferred": _("Levers, inferred"),
    "needs_domains": _("Domains it wants to learn about"),
    "needs_levers": _("Levers it wants to learn about"),
    "strength_domains": _("Domains it can teach"),
    "strength_levers": _("Levers it can teach"),
    "interests": _("Wants to learn"),
    "challenges": _("Challenges"),
    "offers": _("Offers"),
    "expectations": _("Expectations"),
    "motivation": _("Motivation"),
}


def profile_of_host(host: Host) -> Profile:
    """The host as its row in a package, without id and capacity, and what it wants to learn. Four queries."""
    host = hosts_for_package([host.slug])[host.slug]
    row = host_row(host, None)
    del row["id"], row["capacity"]
    needs = list(host.needs.select_related("term__vocabulary").order_by("position", "pk"))
    return row | {key: codes_of(needs, vocabulary) for key, vocabulary in HOST_NEEDS.items()}


def profile_of_twin(participation: Participation) -> Profile:
    """The texts of a twin, what it wants to learn and what it can teach. Two queries."""
    wishes = list(participation.participation_terms.select_related("term__vocabulary").order_by("position", "pk"))
    strengths = list(participation.strengths.select_related("term__vocabulary").order_by("position", "pk"))
    return {
        **{name: getattr(participation, name) for name in TWIN_TEXTS},
        **{key: codes_of(wishes, vocabulary) for key, vocabulary in TWIN_WISHES.items()},
        **{key: codes_of(strengths, vocabulary) for key, vocabulary in TWIN_STRENGTHS.items()},
    }


def codes_of(rows: Iterable, vocabulary: str) -> list[str]:
    """The codes of one vocabulary among rows that choose a term, in their order."""
    return [row.term.code for row in rows if row.term.vocabulary.slug == vocabulary]
