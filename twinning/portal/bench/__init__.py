"""What the application costs, measured beside something bare on the same machine in the same run. One module a part.

Absolute times say little on a shared machine; therefore each figure is a count, a ratio within the run, or stands beside a bar that leaves
room. The bars are those of the project's plan: they are printed beside each figure with ok or over, and nothing is left out for being over.
"""

from .figures import Figure, as_json, as_line, as_table

__all__ = ["Figure", "as_json", "as_line", "as_table"]
