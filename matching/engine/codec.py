"""A market as plain JSON values and back. What an older file does not hold takes its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from .types import Market


def as_json(market: Market) -> dict[str, Any]:
    """The market as JSON values; `market_from_json` gives an equal one back."""
    values: dict[str, Any] = _encode(market)
    return values


def market_from_json(data: Mapping[str, Any]) -> Market:
    """Raises TypeError when a field without default is missing."""
    market: Market = _decode(Market, data)
    return market


def _encode(value: Any) -> Any:
    kind = type(value)
    if kind is str or value is None:
        return value
    if is_dataclass(kind):
        return {name: _encode(getattr(value, name)) for name in _hints(kind)}
    if isinstance(value, tuple):
        return [_encode(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _encode(one) for name, one in value.items()}
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _decode(kind: Any, value: Any) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: _decode(hint, value[name]) for name, hint in _hints(kind).items() if name in value})
    if get_origin(kind) is tuple:
        return tuple(_decode(get_args(kind)[0], one) for one in value)
    return value
