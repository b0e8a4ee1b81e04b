"""The matching engine: plain Python, numpy and scipy, no framework, no clock, no I/O."""
