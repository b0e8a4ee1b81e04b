"""What higher apps add to pages of outputs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trace:
    """Something that a row grew from: what it is, where from, and its page (empty where the reader may not see it)."""

    title: str
    detail: str
    url: str = ""


@dataclass(frozen=True)
class Tracer:
    """`traces(row, user)` says what a row of these tables grew from; `url(row)` is where its writers say so."""

    tables: tuple[str, ...]
    traces: Callable[[Any, Any], list[Trace]]
    url: Callable[[Any], str]


TRACERS: list[Tracer] = []


def register_tracer(tracer: Tracer) -> None:
    TRACERS.append(tracer)


def traced(table: str, row: Any, user: Any) -> list[tuple[list[Trace], str]]:
    """(traces, address where they are written) of everybody who traces rows of this table."""
    return [(tracer.traces(row, user), tracer.url(row)) for tracer in TRACERS if table in tracer.tables]
