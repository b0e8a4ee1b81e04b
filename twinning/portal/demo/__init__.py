"""The demo: the real first cohort, with people, texts and states that are invented and say so."""
