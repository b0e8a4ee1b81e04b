#!/usr/bin/env python3
"""Twinning's one command: it sets itself up where that is still to do, then hands over to Django."""

import os
import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    # Run as a file, not imported: `twinning` itself needs Celery, which is not there before the set-up.
    runpy.run_path(str(Path(__file__).resolve().parent / "twinning" / "bootstrap.py"))["prepare"](sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")
    from django.core.management import execute_from_command_line  # set-up first

    execute_from_command_line(sys.argv)
