"""From the bytes of a file to plain JSON values, refusing what no later step should have to fear."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from cohorts.package_format.faults import WHOLE_FILE, Fault, PackageRefused, Step, path_of, quoted

MAX_FAULTS = 10_000
MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 12
MAX_KEYS = 60
MAX_ITEMS = 20_000
MAX_VALUES = 2_000_000


class _ObjectWithDoubles(dict[str, Any]):
    """A JSON object in which `doubles` were written more than once."""

    doubles: list[str]


def parse(data: bytes) -> dict[str, Any]:
    """The file's one JSON object as plain values. Raises PackageRefused for whatever is not sound JSON of sane size."""
    if len(data) > MAX_BYTES:
        raise PackageRefused.because(too_large_sentence())
    if not data.strip():
        raise PackageRefused.because("The file is empty; choose a cohort package.")
    value = _decoded(_as_text(data))
    if not isinstance(value, dict):
        raise PackageRefused.because('A package is one JSON object; the file must begin with "{" and end with "}".')
    faults = list(islice(_structural_faults(value), MAX_FAULTS + 1))
    if faults:
        raise PackageRefused(faults[:MAX_FAULTS], is_complete=len(faults) <= MAX_FAULTS)
    return value


def too_large_sentence() -> str:
    """What to say about a file over the limit, also where it was not read at all."""
    return f"The file is larger than {MAX_BYTES // 1024 // 1024} MB; split it or leave out what is not needed."


def _as_text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PackageRefused.because(
            f"Byte {error.start + 1} (line {line}) is not UTF-8; save the file with the encoding UTF-8."
        ) from None


def _decoded(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        if error.pos >= len(text.rstrip()):
            said = f"The file ends too early ({where}); it was probably cut off, so fetch it again."
        else:
            said = f"This is not valid JSON at {where} ({error.msg}); correct the file there."
        raise PackageRefused.because(said) from None
    except RecursionError:
        raise PackageRefused.because(_too_deep_sentence()) from None
    except ValueError:  # a whole number with thousands of digits, which Python refuses to read
        raise PackageRefused.because("A number in the file has too many digits; write it with fewer.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    found = _ObjectWithDoubles(plain)
    found.doubles = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    return found


def _too_deep_sentence() -> str:
    return f"Lists and objects lie more than {MAX_DEPTH} levels deep; no package needs that, so look for brackets too many."


def _structural_faults(value: dict[str, Any]) -> Iterator[Fault]:
    """Doubled keys, text that cannot be stored, and sizes beyond reason; the walk itself is bounded."""
    waiting: list[tuple[tuple[Step, ...], Any]] = [((), value)]
    seen = 0
    while waiting:
        steps, item = waiting.pop()
        seen += 1
        if seen > MAX_VALUES:
            yield Fault(WHOLE_FILE, f"The file holds more than {MAX_VALUES:,} values; split it.")
            return
        if isinstance(item, dict):
            yield from _object_faults(steps, item)
            inner: list[tuple[Step, Any]] = [*item.items()] if len(item) <= MAX_KEYS else []
        elif isinstance(item, list):
            inner = [*enumerate(item)]
            if len(item) > MAX_ITEMS:
                yield Fault(path_of(steps), f"This list has {len(item):,} entries; at most {MAX_ITEMS:,} are read.")
                inner = []
        else:
            if isinstance(item, str):
                yield from _text_faults(steps, item)
            continue
        if inner and len(steps) >= MAX_DEPTH:
            yield Fault(path_of(steps), _too_deep_sentence())
            continue
        waiting.extend(((*steps, step), entry) for step, entry in reversed(inner))


def _object_faults(steps: tuple[Step, ...], item: dict[str, Any]) -> Iterator[Fault]:
    if isinstance(item, _ObjectWithDoubles):
        for key in item.doubles:
            yield Fault(path_of((*steps, key)), "This key stands more than once in the same object; keep one of them.")
    if len(item) > MAX_KEYS:
        yield Fault(
            path_of(steps), f"This object has {len(item):,} keys; no part of a package has more than {MAX_KEYS}."
        )
        return
    for key in item:
        if any(_text_faults((), key)):
            yield Fault(path_of(steps), f"The key {quoted(key)} holds characters that cannot be stored; remove it.")


def _text_faults(steps: tuple[Step, ...], text: str) -> Iterator[Fault]:
    if "\x00" in text:
        yield Fault(path_of(steps), "This text holds a null character; remove it.")
    if not _is_encodable(text):
        yield Fault(
            path_of(steps),
            "This text holds half of a surrogate pair (such as \\ud83d alone); write the character itself.",
        )


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
