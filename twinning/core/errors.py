"""What a service may refuse. Views turn a refusal into a message beside the form; commands into a sentence."""

from collections.abc import Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.text import capfirst


class Refused(Exception):
    """A rule forbids this. `str(error)` is one translated sentence for the person who asked."""


class TransitionRefused(Refused):
    """The move is not possible from the present state."""


class Conflict(Refused):
    """Somebody else changed the same thing meanwhile. `theirs` is what stands there now."""

    def __init__(self, message: str, *, theirs: object) -> None:
        super().__init__(message)
        self.theirs = theirs


def require_clean(row: Model, **options: object) -> None:
    """`row.full_clean(**options)`, with sentences that name the field. Raises `Refused`."""
    try:
        row.full_clean(**options)
    except ValidationError as fault:
        raise Refused(" ".join(_sentences(row, fault))) from fault


def _sentences(row: Model, fault: ValidationError) -> Iterator[str]:
    for name, messages in fault.message_dict.items():
        label = "" if name == NON_FIELD_ERRORS else f"{capfirst(row._meta.get_field(name).verbose_name)}: "
        yield from (f"{label}{message}" for message in messages)
