"""The bottom: what every app may use. Knows nobody, owns no table."""
