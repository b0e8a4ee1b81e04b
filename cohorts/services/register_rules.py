"""What the register may hold: whatever a cohort package can say, so that every record can leave the application again."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import ValidationError as ShapeError

from ..package_format import Part, faults_of


def refuse_what_no_package_can_say(shape: type[Part], row: Mapping[str, Any], fields: Mapping[str, str]) -> None:
    """Raise ValidationError by field of the model where the row breaks a rule of the format.

    `fields` maps the keys of the row to fields of the model; other keys keep their name.
    """
    try:
        shape.model_validate(row)
    except ShapeError as error:
        said: dict[str, list[str]] = {}
        for fault in faults_of(error):
            key, _bracket, rest = fault.path.partition("[")
            place = int(rest.partition("]")[0]) + 1 if rest else 0
            sentence = _("Entry %(number)d: %(said)s") % {"number": place, "said": fault.sentence}
            said.setdefault(fields.get(key, key), []).append(sentence if place else fault.sentence)
        raise ValidationError(said) from error
