"""From a package to its canonical bytes."""

import json
from typing import Any

from cohorts.package_format.shapes import CohortPackage, HostRow


def write_package(package: CohortPackage) -> bytes:
    """The package in canonical form; every fact is written, also those that are empty."""
    written = package.model_dump(mode="json")
    written["hosts"] = [_host(host) for host in package.hosts]
    return json.dumps(written, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _host(host: HostRow) -> dict[str, Any]:
    """Pilot Activities are written without the four lists of a Mission City, Mission Cities without a pilot cohort.

    What is stated all the same is written, whatever the kind of host.
    """
    row = host.model_dump(mode="json")
    if host.kind == "pilot_activity":
        unused = [key for key in ("offers", "challenges", "expectations", "motivation") if not row[key]]
    else:
        unused = ["pilot_cohort"] if row["pilot_cohort"] is None else []
    return {key: value for key, value in row.items() if key not in unused}
