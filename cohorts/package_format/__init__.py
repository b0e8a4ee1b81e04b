"""The cohort package, `twinning-cohort/1`: one cohort as one JSON file.

Plain Python without Django: `read_package` turns bytes into a checked `CohortPackage` or raises
`PackageRefused` with every fault at once; `write_package` turns a package into its canonical bytes.

Canonical form: UTF-8, keys in the order of `shapes`, one space of indentation, no newline at the end,
lists in the order the package has them. Reading and writing a canonical file gives the same bytes.
"""

from cohorts.package_format.faults import Fault, PackageRefused
from cohorts.package_format.parsing import MAX_BYTES, parse, too_large_sentence
from cohorts.package_format.reading import read_package
from cohorts.package_format.references import order_faults
from cohorts.package_format.sentences import faults_of
from cohorts.package_format.shapes import (
    FORMAT,
    Capacity,
    CityRow,
    CohortPackage,
    CohortRow,
    Counts,
    HostRow,
    KnownCodes,
    PairingRow,
    Part,
    TwinRow,
)
from cohorts.package_format.writing import write_package

__all__ = [
    "FORMAT",
    "MAX_BYTES",
    "Capacity",
    "CityRow",
    "CohortPackage",
    "CohortRow",
    "Counts",
    "Fault",
    "HostRow",
    "KnownCodes",
    "PackageRefused",
    "PairingRow",
    "Part",
    "TwinRow",
    "faults_of",
    "order_faults",
    "parse",
    "read_package",
    "too_large_sentence",
    "write_package",
]
