"""What kinds of output are made of: sections of prose fields and of tables of typed rows. Plain data, no database.

Slugs are stored with every answer, row and frozen version: rename labels freely, slugs never.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

Words = str | Promise
Choices = tuple[tuple[str, Words], ...]


class Part(StrEnum):
    """What a section shows besides prose and plain tables."""

    NONE = ""
    TERMS = "terms"  # domains and levers
    TWIN_OBJECTIVES = "twin_objectives"
    HOST_OBJECTIVES = "host_objectives"
    CHECK = "check"  # checklist and the form to submit


class Writer(StrEnum):
    """Whose part it is; see `selectors.places` for the permissions."""

    TWIN = "twin"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Field:
    """One prose field. `words` is the limit in words."""

    slug: str
    label: Words
    help: Words = ""
    words: int = 200
    is_required: bool = True
    example: Words = ""

    @property
    def rows(self) -> int:
        """Height of its box in lines."""
        return 2 if self.words <= 60 else 4 if self.words <= 150 else 7


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a row. Its slug is the name of the model's field; its value travels as a text, see `values`.

    `control`: text, line, link, choice, scale (0 to 4), whole, number, money, date, term (of the vocabulary `refers`),
    event (of the pairing's calendar), row (of the table `refers`) or fact (shown, never written).
    """

    slug: str
    label: Words
    control: str = "text"
    help: Words = ""
    words: int = 0  # limit of a text
    is_required: bool = False
    is_always_set: bool = False  # a choice that is never empty
    choices: Choices = ()
    refers: str = ""
    unit: Words = ""
    least: int = 0  # of scale, whole and number
    most: int = 1_000_000_000
    writer: Writer = Writer.TWIN
    example: Words = ""

    @property
    def rows(self) -> int:
        return 2 if self.words <= 60 else 3


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one model. A table with `keys` has one row for each key, no more and no less.

    `parent`: slug of the table to whose rows these belong. `is_paged`: each row has a page of its own.
    `anchor`: what the names of its places begin with. `fixed`: what tells its rows from others of the same model.
    """

    slug: str
    label: Words
    one: Words  # "stakeholder", as it stands in "stakeholder 3"
    add: Words = ""  # the words of the button; empty where no row can be added
    columns: tuple[Column, ...] = ()
    fewest: int = 0
    most: int = 30
    parent: str = ""
    keys: Choices = ()
    is_facts: bool = False  # its keys come from what is known, not from here
    is_paged: bool = False
    writer: Writer = Writer.TWIN
    fixed: tuple[tuple[str, str], ...] = ()
    anchor: str = ""
    help: Words = ""
    summary: tuple[str, ...] = ()  # columns that stand beside the name of a closed row

    @property
    def is_folded(self) -> bool:
        """Whether its rows open and close."""
        return not self.has_keys or bool(self.parent)

    @property
    def prefix(self) -> str:
        """What the name of each of its places begins with, without the code of the row."""
        return self.anchor or f"row:{self.slug}"

    @property
    def has_keys(self) -> bool:
        return bool(self.keys) or self.is_facts

    @property
    def is_record(self) -> bool:
        """One row alone: drawn as plain fields, without a number."""
        return len(self.keys) == 1

    def place(self, code: str, column: str) -> str:
        return f"{self.prefix}:{code}:{column}"

    def column(self, slug: str) -> Column | None:
        return next((column for column in self.columns if column.slug == slug), None)

    @property
    def title(self) -> Column:
        """The column that names a row."""
        return self.columns[0]


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: Words
    help: Words
    fields: tuple[Field, ...] = ()
    part: Part = Part.NONE
    tables: tuple[Table, ...] = ()
    picture_of: str = ""  # a table of another section whose picture stands here too

    @property
    def roots(self) -> tuple[Table, ...]:
        """Tables that hang on no other one."""
        return tuple(table for table in self.tables if not table.parent)

    def children(self, table: Table) -> tuple[Table, ...]:
        return tuple(each for each in self.tables if each.parent == table.slug)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of output. `offset_months`: usual distance of the due date from the kick-off in 18 months."""

    slug: str
    label: Words
    purpose: Words
    offset_months: int
    sections: tuple[Section, ...] = field(default=())

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each for section in self.sections for each in section.fields)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(table for section in self.sections for table in section.tables)

    def section(self, slug: str) -> Section | None:
        return next((section for section in self.sections if section.slug == slug), None)

    def field(self, slug: str) -> Field | None:
        return next((each for each in self.fields if each.slug == slug), None)

    def table(self, slug: str) -> Table | None:
        return next((table for table in self.tables if table.slug == slug), None)

    def section_of(self, field_slug: str) -> Section | None:
        return next((s for s in self.sections if any(each.slug == field_slug for each in s.fields)), None)

    def section_of_table(self, table: Table) -> Section:
        return next(section for section in self.sections if table in section.tables)

    def section_with(self, part: Part) -> Section | None:
        return next((section for section in self.sections if section.part == part), None)
