"""From bytes to a checked package, or to all of its faults."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from pydantic import ValidationError

from cohorts.package_format.faults import Fault, PackageRefused, Step
from cohorts.package_format.parsing import MAX_FAULTS, parse
from cohorts.package_format.references import reference_faults
from cohorts.package_format.sentences import faults_of
from cohorts.package_format.shapes import FORMAT, ROW_PARTS, CohortPackage, KnownCodes, Part

PART_ORDER = list(CohortPackage.model_fields)
_ROW = re.compile(r"(\w+)(?:\[(\d+)\])?")


def read_package(data: bytes, codes: KnownCodes) -> CohortPackage:
    """The package in `data`. Raises PackageRefused with every fault (at most MAX_FAULTS of them), in the order of the file's rows."""
    values = parse(data)
    _refuse_other_format(values)
    found = list(islice(chain(_value_faults(values), reference_faults(values, codes)), MAX_FAULTS + 1))
    if found:
        is_complete = len(found) <= MAX_FAULTS
        raise PackageRefused(sorted(dict.fromkeys(found[:MAX_FAULTS]), key=_place), is_complete=is_complete)
    return CohortPackage.model_validate(values)


def _refuse_other_format(values: dict[str, Any]) -> None:
    """A file of another format is refused for that alone: its other faults would only mislead."""
    if "format" not in values:
        raise PackageRefused.because(f'This is missing; a cohort package begins with "format": "{FORMAT}".', "format")
    if values["format"] != FORMAT:
        raise PackageRefused.because(f'This must be "{FORMAT}"; other formats cannot be read.', "format")


def _place(fault: Fault) -> tuple[int, int]:
    """Part and row of a fault; within a row the order of finding stays."""
    found = _ROW.match(fault.path)
    part, row = (found[1], int(found[2] or 0)) if found else ("", 0)
    return (PART_ORDER.index(part) if part in PART_ORDER else -1), row


def _value_faults(values: dict[str, Any]) -> Iterator[Fault]:
    """Faults of single values. Rows are checked one by one, so that a file full of rubbish cannot fill the memory."""
    lists = {part: values[part] for part in ROW_PARTS if isinstance(values.get(part), list)}
    yield from _faults_in(CohortPackage, {**values, **{part: [] for part in lists}}, ())
    for part, rows in lists.items():
        for index, row in enumerate(rows):
            yield from _faults_in(ROW_PARTS[part], row, (part, index))


def _faults_in(shape: type[Part], values: Any, prefix: tuple[Step, ...]) -> list[Fault]:
    try:
        shape.model_validate(values)
    except ValidationError as error:
        return faults_of(error, prefix)
    return []
