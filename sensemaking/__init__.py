"""What a cohort learns together: clusters, rounds, sessions, rooms."""
