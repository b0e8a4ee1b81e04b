"""Facts of the engine in words that a mayor's office can read. The engine gives codes and values, never sentences."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from cohorts.states import CityKind

from ..engine.types import Fact, Part

SENTENCES = {
    "preference_none": gettext_lazy("not among the hosts that the twin asked for"),
    "preference_unknown": gettext_lazy("the twin has not asked for any host"),
    "preference_rank": gettext_lazy("number %(0)s among the hosts that the twin asked for"),
    "preference_reason": gettext_lazy("it says why: “%(0)s”"),
    "preference_unreasoned": gettext_lazy("it does not say why (counts three quarters)"),
    "tag_shared": gettext_lazy("%(0)s: chosen by the twin, stated by the host"),
    "tag_shared_inferred": gettext_lazy("%(0)s: chosen by the twin, inferred for the host (counts half)"),
    "tag_read": gettext_lazy("%(0)s: read from the twin's word “%(1)s” (counts half), stated by the host"),
    "tag_read_inferred": gettext_lazy(
        "%(0)s: read from the twin's word “%(1)s” (counts half), inferred for the host (counts half)"
    ),
    "tags_none_shared": gettext_lazy("the host covers none of: %(all)s"),
    "tags_unknown_twin": gettext_lazy("not known: the twin has chosen none, and its text names none"),
    "tags_unknown_host": gettext_lazy("not known for this host"),
    "words_shared": gettext_lazy("both write “%(0)s”"),
    "words_alike": gettext_lazy("“%(0)s” is near to “%(1)s”"),
    "text_none_shared": gettext_lazy("no words in common"),
    "text_unknown_twin": gettext_lazy("not known: the twin has written nothing here"),
    "text_unknown_host": gettext_lazy("not known: the host has written nothing here"),
    "text_by_model": gettext_lazy("near in meaning by the text model, without words in common"),
    "need_met": gettext_lazy("%(0)s: wanted by the host, a strength of the twin"),
    "need_met_read": gettext_lazy(
        "%(0)s: wanted by the host, a strength of the twin; read from words (counts half): %(1)s"
    ),
    "needs_none_met": gettext_lazy("the twin can teach none of: %(all)s"),
    "needs_unknown_twin": gettext_lazy("not known: the twin has not said what it can teach"),
    "needs_unknown_host": gettext_lazy("not known: the host has not said what it wants to learn"),
    "context_similar": gettext_lazy("%(dimension)s: similar, %(1)s and %(3)s in %(2)s"),
    "context_stretch": gettext_lazy("%(dimension)s: a stretch, %(1)s and %(3)s in %(2)s"),
    "context_different": gettext_lazy("%(dimension)s: different, %(1)s and %(3)s in %(2)s"),
    "context_similar_inferred": gettext_lazy(
        "%(dimension)s: similar, %(1)s and %(3)s in %(2)s; inferred (counts half)"
    ),
    "context_stretch_inferred": gettext_lazy(
        "%(dimension)s: a stretch, %(1)s and %(3)s in %(2)s; inferred (counts half)"
    ),
    "context_different_inferred": gettext_lazy(
        "%(dimension)s: different, %(1)s and %(3)s in %(2)s; inferred (counts half)"
    ),
    "context_unknown": gettext_lazy("%(dimension)s: not known on one side"),
    "language_same_avoided": gettext_lazy("a language in common: by your rule this halves the context"),
    "size_unknown": gettext_lazy("size not known on one side"),
    "country_same": gettext_lazy("same country, %(country)s (told, not counted)"),
    "country_same_avoided": gettext_lazy("same country, %(country)s: by your rule this halves the context"),
    "kind_same": gettext_lazy("same kind of authority: %(kind)s"),
    "kind_differs": gettext_lazy("another kind of authority than the twin's: %(kind)s"),
}

DIMENSIONS = {
    "size": gettext_lazy("size"),
    "kind": gettext_lazy("kind of authority"),
    "climate": gettext_lazy("climate zone"),
    "legal": gettext_lazy("legal frame"),
    "competences": gettext_lazy("competences"),
    "language": gettext_lazy("language"),
    "maturity": gettext_lazy("how far the plan is"),
    "target_year": gettext_lazy("target year"),
}

FIELDS = {
    "twin.evidence": gettext_lazy("reasons in the application of the twin"),
    "twin.strengths": gettext_lazy("strengths of the twin"),
    "host.needs": gettext_lazy("what the host wants to learn"),
    "city.climate": gettext_lazy("climate zone in the city register"),
    "city.legal": gettext_lazy("legal frame in the city register"),
    "city.competences": gettext_lazy("competences in the city register"),
    "city.language": gettext_lazy("language in the city register"),
    "city.maturity": gettext_lazy("maturity of the climate plan in the city register"),
    "city.target_year": gettext_lazy("target year in the city register"),
    "twin.preferences": gettext_lazy("application of the twin"),
    "twin.domains": gettext_lazy("fields of action of the twin"),
    "twin.levers": gettext_lazy("levers of change of the twin"),
    "twin.interests": gettext_lazy("interests and challenges of the twin"),
    "twin.offers": gettext_lazy("offers of the twin"),
    "host.domains": gettext_lazy("fields of action stated by the host"),
    "host.domains_inferred": gettext_lazy("fields of action inferred for the host"),
    "host.levers": gettext_lazy("levers of change stated by the host"),
    "host.levers_inferred": gettext_lazy("levers of change inferred for the host"),
    "host.description": gettext_lazy("title, summary, offers and labels of the host"),
    "host.expectations": gettext_lazy("expectations and challenges of the host"),
    "city.population": gettext_lazy("population in the city register"),
    "city.kind": gettext_lazy("kind of authority in the city register"),
    "city.country": gettext_lazy("country in the city register"),
}


def sentence(fact: Fact) -> str:
    """One fact in the reader's language."""
    if fact.code == "size":
        return _size_sentence(*fact.values[:4])
    words = {str(place): value for place, value in enumerate(fact.values)}
    words["all"] = ", ".join(fact.values)
    first = fact.values[0] if fact.values else ""
    words["country"] = countries.name(first) or first
    words["dimension"] = str(DIMENSIONS.get(first, first))
    words["kind"] = str(dict(CityKind.choices).get(first, first))
    return str(SENTENCES[fact.code]) % words


def _size_sentence(city: str, people: str, other: str, others: str) -> str:
    times = max(int(people), int(others)) / min(int(people), int(others))
    names = {"city": city, "people": intcomma(people), "other": other, "others": intcomma(others)}
    if times <= 2:
        return _("of like size: %(city)s %(people)s, %(other)s %(others)s people") % names
    names["times"] = f"{times:.0f}"
    return _("%(times)s times apart in size: %(city)s %(people)s, %(other)s %(others)s people") % names


def source(fact: Fact) -> str:
    """Which fields a fact was read from, and where those have it from."""
    fields = ", ".join(str(FIELDS[name]) for name in fact.field.split())
    origins = dict.fromkeys(filter(None, fact.values[4:6])) if fact.field.startswith("city.") else {}
    return f"{fields} ({'; '.join(origins)})" if origins else fields


def sentences_of(part: Part) -> list[str]:
    """The facts of one criterion in words; shared words come together in one sentence."""
    shared = [fact.values[0] for fact in part.facts if fact.code == "words_shared"]
    sentences = [_("both write: %(words)s") % {"words": ", ".join(shared)}] if shared else []
    return sentences + [sentence(fact) for fact in part.facts if fact.code != "words_shared"]


def part_as_json(part: Part) -> dict:
    """A part as a proposal keeps it."""
    facts = [{"code": fact.code, "field": fact.field, "values": list(fact.values)} for fact in part.facts]
    return {
        "criterion": part.criterion, "weight": part.weight, "score": part.score, "known": part.known, "facts": facts,
    }  # fmt: skip


def part_from_json(data: dict) -> Part:
    """What `part_as_json` has kept."""
    facts = tuple(Fact(fact["code"], fact["field"], tuple(fact["values"])) for fact in data["facts"])
    return Part(data["criterion"], data["weight"], data["score"], data["known"], facts)


def unmatched_reason(row: dict) -> str:
    """Why a twin stays without a host: `row` is an entry of `Run.unmatched`."""
    if row["code"] == "no_host":
        return _("No host is open to it: every host is ruled out or has no place.")
    seats = row["seats"]
    return ngettext(
        "%(twins)s twins can only go to %(hosts)s, which have %(seats)s place.",
        "%(twins)s twins can only go to %(hosts)s, which have %(seats)s places.",
        seats,
    ) % {"twins": row["twins"], "hosts": ", ".join(row["hosts"]), "seats": seats}
