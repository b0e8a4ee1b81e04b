"""What a cohort learns together. Its models come with the sessions; the app marks its place in the order of imports."""
