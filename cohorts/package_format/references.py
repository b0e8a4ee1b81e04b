"""Checks across the parts of a package: what refers to what, and what must come after what.

They work on plain values and look only at what has the right type, so that they can run beside the
checks of single values and every fault is reported at once.
"""

from collections.abc import Iterator
from typing import Any

from cohorts.package_format.faults import Fault, hint, quoted
from cohorts.package_format.shapes import KnownCodes

Row = dict[str, Any]


def reference_faults(package: Row, codes: KnownCodes) -> Iterator[Fault]:
    """All faults that only show when two values are looked at together."""
    yield from order_faults(package.get("cohort"))
    yield from _doubled_faults(package, "cities", "id")
    yield from _doubled_faults(package, "hosts", "id")
    yield from _doubled_faults(package, "twins", "city")
    yield from _doubled_faults(package, "pairings", "twin")
    cities, hosts = _ids(package, "cities", "id"), _ids(package, "hosts", "id")
    twins = _ids(package, "twins", "city")
    for index, city in _rows(package, "cities"):
        yield from _place_faults(f"cities[{index}]", city)
    for index, host in _rows(package, "hosts"):
        yield from _host_faults(f"hosts[{index}]", host, cities, codes)
    for index, twin in _rows(package, "twins"):
        yield from _unknown_fault(f"twins[{index}].city", twin.get("city"), cities, "city", "cities")
    for index, pairing in _rows(package, "pairings"):
        yield from _unknown_fault(f"pairings[{index}].twin", pairing.get("twin"), twins, "twin", "twins")
        yield from _unknown_fault(f"pairings[{index}].host", pairing.get("host"), hosts, "host", "hosts")


def _rows(package: Row, part: str) -> Iterator[tuple[int, Row]]:
    rows = package.get(part)
    if isinstance(rows, list):
        yield from ((index, row) for index, row in enumerate(rows) if isinstance(row, dict))


def _ids(package: Row, part: str, key: str) -> dict[str, int]:
    """Id -> where it stands first."""
    found: dict[str, int] = {}
    for index, row in _rows(package, part):
        if isinstance(row.get(key), str):
            found.setdefault(row[key], index)
    return found


def _doubled_faults(package: Row, part: str, key: str) -> Iterator[Fault]:
    first = _ids(package, part, key)
    for index, row in _rows(package, part):
        value = row.get(key)
        if isinstance(value, str) and first[value] != index:
            said = (
                f"{quoted(value)} stands in {part}[{first[value]}] already; every {key} may occur once, so remove one."
            )
            yield Fault(f"{part}[{index}].{key}", said)


def order_faults(cohort: Any) -> Iterator[Fault]:
    """Faults in the order of a cohort's dates; `cohort` is its plain value."""
    if not isinstance(cohort, dict):
        return
    opens, closes = cohort.get("call_opens_on"), cohort.get("call_closes_on")
    if isinstance(opens, str) and isinstance(closes, str) and closes < opens:
        yield Fault(
            "cohort.call_closes_on", f"The call closes before it opens ({quoted(opens)}); correct one of the two."
        )
    starts, ends = cohort.get("starts"), cohort.get("ends")
    if isinstance(starts, str) and isinstance(ends, str) and ends <= starts:
        yield Fault("cohort.ends", f"The cohort must end after it starts ({quoted(starts)}); correct one of the two.")


def _place_faults(path: str, city: Row) -> Iterator[Fault]:
    for key, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if city.get(key) is None and city.get(other) is not None:
            yield Fault(f"{path}.{key}", f"There is a {other} but no {key}; give both or neither.")


def _host_faults(path: str, host: Row, cities: dict[str, int], codes: KnownCodes) -> Iterator[Fault]:
    for index, city in _texts(host, "cities"):
        yield from _unknown_fault(f"{path}.cities[{index}]", city, cities, "city", "cities")
    for key, known in (("domains", codes.domains), ("levers", codes.levers)):
        for part in (key, f"{key}_inferred"):
            for index, code in _texts(host, part):
                if code not in known:
                    said = (
                        f"{quoted(code)} is no code of the vocabulary of {key}; use one that is, or add it there first."
                    )
                    yield Fault(f"{path}.{part}[{index}]", said + hint(code, known))
    capacity = host.get("capacity")
    if isinstance(capacity, dict):
        low, high = capacity.get("minimum"), capacity.get("maximum")
        if type(low) is int and type(high) is int and low > high:
            yield Fault(f"{path}.capacity", f"The minimum ({low}) is above the maximum ({high}); turn them round.")


def _texts(row: Row, key: str) -> Iterator[tuple[int, str]]:
    values = row.get(key)
    if isinstance(values, list):
        yield from ((index, value) for index, value in enumerate(values) if isinstance(value, str))


def _unknown_fault(path: str, value: Any, known: dict[str, int], noun: str, part: str) -> Iterator[Fault]:
    if isinstance(value, str) and value not in known:
        said = f"There is no {noun} {quoted(value)} in {part}; add it there or correct the id."
        yield Fault(path, said + (hint(value, known) if len(known) <= 1000 else ""))
