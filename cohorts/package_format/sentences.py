"""Words for what pydantic finds: each of its errors becomes one plain sentence that says what to do."""

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cohorts.package_format.faults import Fault, Step, described, hint, listed, path_of
from cohorts.package_format.shapes import ROW_PARTS, Capacity, CohortPackage, CohortRow, Counts, Part

_WANTED = {
    "string_type": "a text between quotation marks",
    "string_sub_type": "a text between quotation marks",
    "string_unicode": "a text between quotation marks",
    "int_type": "a whole number without quotation marks",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of sane size",
    "float_type": "a number without quotation marks",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "list_type": 'a list, beginning with "[" and ending with "]"',
    "model_type": 'an object, beginning with "{" and ending with "}"',
    "dict_type": 'an object, beginning with "{" and ending with "}"',
}


def faults_of(error: ValidationError, prefix: Sequence[Step] = ()) -> list[Fault]:
    """All faults in a pydantic error, their paths continued from `prefix`."""
    found = error.errors(include_url=False)
    return [Fault(path_of((*prefix, *detail["loc"])), _sentence((*prefix, *detail["loc"]), detail)) for detail in found]


def _sentence(steps: Sequence[Step], detail: ErrorDetails) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "said":
        return str(context["sentence"])
    if kind in _WANTED:
        return f"This must be {_WANTED[kind]}, but it is {described(value)}."
    match kind:
        case "missing":
            return f"This is missing; add the key {listed([str(steps[-1])])}."
        case "extra_forbidden":
            known = _keys_at(steps[:-1])
            return f"This key is not known; remove it or correct its spelling.{hint(str(steps[-1]), known)}"
        case "literal_error":
            return f"{described(value).capitalize()} is not possible here; write {context['expected'].replace(chr(39), chr(34))}."
        case "greater_than_equal":
            return f"This must be at least {_number(context['ge'])}, but it is {described(value)}."
        case "less_than_equal":
            return f"This must be at most {_number(context['le'])}, but it is {described(value)}."
        case "string_too_long":
            return f"This text has {len(value):,} characters; at most {context['max_length']:,} can be kept, so shorten it."
        case "too_long":
            return f"This list has {len(value):,} entries; at most {context['max_length']:,} are possible."
        case _:
            return f"{detail['msg']}."


def _number(bound: object) -> str:
    return f"{bound:,}" if isinstance(bound, int) else f"{bound:g}" if isinstance(bound, float) else str(bound)


def _keys_at(steps: Sequence[Step]) -> list[str]:
    """The keys that are known in the object at `steps`."""
    words = [step for step in steps if isinstance(step, str)]
    shapes: dict[tuple[str, ...], type[Part]] = {
        (): CohortPackage,
        ("cohort", "counts"): Counts,
        ("hosts", "capacity"): Capacity,
        ("cohort",): CohortRow,
        **{(name,): part for name, part in ROW_PARTS.items()},
    }
    part = shapes.get(tuple(words))
    return list(part.model_fields) if part else []
