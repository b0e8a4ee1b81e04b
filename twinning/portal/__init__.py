"""The top: pages that need more than one app."""
