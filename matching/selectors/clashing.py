"""Rules that cannot hold together: which they are, and what would have to give way, in words."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from ..engine.clashes import Change, Repair, clashes, repairs
from ..engine.types import Cancelled, Market
from .rules import cap_sentence, pair_sentence, value_sentence

MOST_SECONDS = 5.0  # the search ends then; what clashes is known in far less


def clash_to_keep(market: Market) -> dict:
    """The smallest set of demands that clash and the cheapest repairs, as a run keeps them; {} where all can hold."""
    began = time.monotonic()

    def stop() -> bool:
        return time.monotonic() - began > MOST_SECONDS

    try:
        found = clashes(market, stop=stop)
    except Cancelled:
        return {}
    if found is None:
        return {}
    try:
        ways = repairs(market, stop=stop)
    except Cancelled:
        ways = ()
    return {
        "demands": [asdict(demand) for demand in found.demands],
        "is_smallest": found.smallest,
        "repairs": [[asdict(change) for change in way.changes] for way in ways],
    }


def changes_of(kept: list[dict]) -> tuple[Change, ...]:
    return tuple(Change(one["kind"], tuple(one["ids"])) for one in kept)


def key_of(changes: tuple[Change, ...]) -> str:
    """A short name of a repair, the same wherever it is found again."""
    text = json.dumps([[change.kind, *change.ids] for change in sorted(changes)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def way_out(market: Market, key: str) -> Repair | None:
    """The repair of this name, found and checked anew; None where it is no way out any more."""
    kept = clash_to_keep(market)
    ways = (changes_of(way) for way in kept.get("repairs", ()))
    return next((Repair(changes, 0) for changes in ways if key_of(changes) == key), None)


@dataclass(frozen=True, slots=True)
class WayOut:
    key: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """What clashes, each demand with its reason, and the ways out, the cheapest first."""

    demands: tuple[tuple[str, str], ...]
    is_smallest: bool
    ways: tuple[WayOut, ...]


def clash_in_words(kept: dict, market: Market) -> Clash | None:
    """What was kept, with names instead of ids; None where nothing clashed."""
    if not kept:
        return None
    words = Words(market)
    ways = [changes_of(way) for way in kept["repairs"]]
    return Clash(
        demands=tuple((words.of_demand(one["kind"], one["ids"]), one["reason"]) for one in kept["demands"]),
        is_smallest=kept["is_smallest"],
        ways=tuple(WayOut(key_of(way), tuple(words.of_change(change) for change in way)) for way in ways),
    )


class Words:
    """Demands and changes of a market as sentences."""

    def __init__(self, market: Market) -> None:
        self._names = {twin.id: twin.place.name for twin in market.twins} | {
            host.id: host.name for host in market.hosts
        }
        self._places = {host.id: host.maximum for host in market.hosts}
        self._values = {rule.name: rule for rule in market.rules.values}
        self._caps = {cap.name: cap for cap in market.rules.groups}

    def of_demand(self, kind: str, ids: list[str]) -> str:
        sentences: dict[str, Callable[[], str]] = {
            "own_activity": lambda: _("%(twin)s is a city of %(host)s itself") % self._pair(ids),
            "same_country": lambda: _("No pairs of one country"),
            "same_language": lambda: _("No pairs of one language"),
            "seats": lambda: (
                _("Free places at %(host)s: %(places)s")
                % {"host": self._name(ids[0]), "places": self._places.get(ids[0], 0)}
            ),
            "value_rule": lambda: self._value(ids[0]),
            "group": lambda: self._cap(ids[0], more=0),
        }
        return sentences[kind]() if kind in sentences else pair_sentence(kind, **self._pair(ids))

    def of_change(self, change: Change) -> str:
        kind, ids = change.kind, change.ids
        sentences: dict[str, Callable[[], str]] = {
            "lock": lambda: _("Release %(twin)s from %(host)s") % self._pair(ids),
            "veto": lambda: _("Allow %(twin)s with %(host)s") % self._pair(ids),
            "value_rule": lambda: _("End the rule: %(rule)s") % {"rule": self._value(ids[0])},
            "same_country": lambda: _("Avoid pairs of one country, but allow them"),
            "same_language": lambda: _("Avoid pairs of one language, but allow them"),
            "seats": lambda: _("One place more at %(host)s") % {"host": self._name(ids[0])},
            "group": lambda: self._cap(ids[0], more=1),
        }
        return sentences[kind]()

    def _name(self, one: str) -> str:
        return self._names.get(one, one)

    def _pair(self, ids: tuple[str, ...] | list[str]) -> dict[str, str]:
        return {"twin": self._name(ids[0]), "host": self._name(ids[1])}

    def _value(self, name: str) -> str:
        rule = self._values[name]
        return value_sentence(rule.kind, rule.twins.field, rule.twins.value, rule.hosts.field, rule.hosts.value)

    def _cap(self, name: str, *, more: int) -> str:
        cap = self._caps[name]
        return cap_sentence(cap.most + more, cap.by, self._name(cap.host) if cap.host else "")
