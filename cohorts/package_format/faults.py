"""What is wrong with a package, said so that the person who made the file can mend it."""

import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

WHOLE_FILE = "(file)"

Step = str | int


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend: where (`hosts[0].capacity.minimum`), and one sentence that says what to do."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


class PackageRefused(Exception):
    """The package has faults; nothing of it may be used. `is_complete` is false where counting was cut off."""

    def __init__(self, faults: Iterable[Fault], *, is_complete: bool = True) -> None:
        self.faults = tuple(faults)
        self.is_complete = is_complete
        super().__init__(f"{len(self.faults)} faults")

    @classmethod
    def because(cls, sentence: str, path: str = WHOLE_FILE) -> "PackageRefused":
        """A refusal with a single fault."""
        return cls([Fault(path, sentence)])

    def lines(self, limit: int = 200) -> list[str]:
        """The faults as lines of text: at most `limit`, then how many more there are."""
        shown = [str(fault) for fault in self.faults[:limit]]
        rest = len(self.faults) - len(shown)
        if rest:
            shown.append(f"... and {rest} more{'' if self.is_complete else ' at least'}; mend these first.")
        return shown


def path_of(steps: Sequence[Step]) -> str:
    """`("hosts", 0, "capacity")` -> `hosts[0].capacity`. Keys that are no plain words are shown quoted."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step.isidentifier() and len(step) <= 60:
            path += f".{step}" if path else step
        else:
            path += f"[{quoted(step)}]"
    return path or WHOLE_FILE


def quoted(text: str, length: int = 40) -> str:
    """Text between quotation marks, shortened, with everything unprintable written as an escape."""
    shown = (
        text[:length].encode("unicode_escape", "backslashreplace").decode("ascii") if not text.isprintable() else text
    )
    shown = shown[:length]
    return f'"{shown}…"' if len(text) > length else f'"{shown}"'


def described(value: Any) -> str:
    """A value from a file in words: `the text "x"`, `nothing (null)`, `a list`."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return "true" if value else "false"
        case float() if not math.isfinite(value):
            return "no finite number"
        case int() if abs(value) >= 10**20:
            return "a number with more than 20 digits"
        case int() | float():
            return f"the number {value!r}"
        case str():
            return f"the text {quoted(value)}" if value else "an empty text"
        case list():
            return "a list" if value else "an empty list"
        case dict():
            return "an object"
        case _:
            return "something else"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, if one is near."""
    found = difflib.get_close_matches(word[:100], list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def hint(word: str, known: Iterable[str]) -> str:
    """` Did you mean "x"?` or nothing."""
    near = nearest(word, known)
    return f" Did you mean {quoted(near)}?" if near else ""


def listed(words: Iterable[str]) -> str:
    """`"a", "b" or "c"`."""
    marked = [f'"{word}"' for word in words]
    if len(marked) < 2:
        return "".join(marked)
    return f"{', '.join(marked[:-1])} or {marked[-1]}"
