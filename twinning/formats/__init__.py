"""How dates and hours are written and read, where it differs from what Django brings."""
