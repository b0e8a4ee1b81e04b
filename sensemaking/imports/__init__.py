"""Notes out of files: a board that was exported from Miro, a spreadsheet. Bytes in, notes and faults out; no database.

`reading` makes rows of texts of a file, `notes` makes notes of rows. Every fault names its place and is reported with all the others.
"""

from .notes import Fault, ImportedNote, Table, plain, read_notes
from .reading import MOST_BYTES, MOST_ROWS, Unreadable

__all__ = ["MOST_BYTES", "MOST_ROWS", "Fault", "ImportedNote", "Table", "Unreadable", "plain", "read_notes"]
