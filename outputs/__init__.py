"""The five outputs of a twin: written, submitted, reviewed, printed."""
