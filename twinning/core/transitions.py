"""State machines as data: a table of moves that one can read at a glance.

PAIRING_MOVES = Table.of(
    ("announce", [S.CONFIRMED], S.ANNOUNCED),
    ("end", [S.CONFIRMED, S.ANNOUNCED], S.ENDED),
)
pairing.state = PAIRING_MOVES.target("announce", state=pairing.state)
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .errors import TransitionRefused


@dataclass(frozen=True)
class Move:
    name: str
    sources: frozenset[str]
    target: str


@dataclass(frozen=True)
class Table:
    moves: tuple[Move, ...]

    @classmethod
    def of(cls, *rows: tuple[str, Iterable[str], str]) -> "Table":
        return cls(tuple(Move(name, frozenset(sources), target) for name, sources, target in rows))

    def target(self, name: str, *, state: str) -> str:
        """The state after the move. Raises `TransitionRefused` where the table has no such move from `state`."""
        for move in self.moves:
            if move.name == name and state in move.sources:
                return move.target
        raise TransitionRefused(_("This is no longer possible: the state has changed meanwhile. Reload the page."))

    def allows(self, name: str, *, state: str) -> bool:
        return any(move.name == name and state in move.sources for move in self.moves)

    def names_from(self, state: str) -> list[str]:
        """The moves that are possible from `state`, in the order of the table."""
        return [move.name for move in self.moves if state in move.sources]
