"""The world everybody shares: who takes part, in what, when, with whom."""
