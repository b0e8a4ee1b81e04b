"""Where things stand in a picture: plain Python, data in, positions out. Templates draw what comes back."""
