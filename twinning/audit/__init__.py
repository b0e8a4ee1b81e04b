"""The append-only journal: who did what to which object, when, and on whose behalf."""
