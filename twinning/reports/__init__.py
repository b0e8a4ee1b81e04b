"""The cohort report and every export that needs more than one app."""
