"""A frozen version as data: the canonical JSON whose SHA-256 is the fingerprint on its cover."""

from ..models import OutputVersion
from ..selectors.content import canonical_json


def version_data(version: OutputVersion) -> bytes:
    return canonical_json(version.content).encode()
