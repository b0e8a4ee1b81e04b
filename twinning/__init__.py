"""Twinning: the project. Composition on top, shared foundations below."""

from .celery import app as celery_app

__all__ = ["celery_app"]
