"""Proposes pairings; never owns a confirmed one."""
