"""Who talks with whom: people into rooms, over all rounds of a session at once. Plain Python over arrays, no database.

`problem` says what is asked and what a plan is, `search` finds one, `worth` judges one without the tables of the search, `bounds` says what every plan
costs at least, `repairs` mends one on the day.
"""

from .bounds import least_of
from .problem import (
    AWAY,
    FINAL_MOVES,
    PREVIEW_MOVES,
    Broken,
    Change,
    Cost,
    Least,
    Person,
    Plan,
    Problem,
    Room,
    Unsolvable,
    Weights,
)
from .repairs import place_late, repair
from .search import prices_of_rules, solve
from .worth import broken_rules, cost_of

__all__ = [
    "AWAY",
    "FINAL_MOVES",
    "PREVIEW_MOVES",
    "Broken",
    "Change",
    "Cost",
    "Least",
    "Person",
    "Plan",
    "Problem",
    "Room",
    "Unsolvable",
    "Weights",
    "broken_rules",
    "cost_of",
    "least_of",
    "place_late",
    "prices_of_rules",
    "repair",
    "solve",
]
