"""Which remarks say something alike, found by plain text methods: words and letters, no model, no network. Pure.

A person confirms what is suggested here; nothing is grouped by itself.
"""

from .likeness import Kin, Remark
from .suggesting import Match, Suggestion, find_matches, suggest_clusters

__all__ = ["Kin", "Match", "Remark", "Suggestion", "find_matches", "suggest_clusters"]
