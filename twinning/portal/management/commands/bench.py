"""`manage.py bench`: what the application costs, each figure beside its bar, as a table and in var/bench.json."""

import argparse
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.core.management.base import BaseCommand

from twinning.portal.bench import (
    Figure,
    as_json,
    as_line,
    as_table,
    board,
    canvas,
    crowd,
    engine,
    flood,
    matches,
    packages,
    pages,
    pdfs,
    rooms,
    studio,
    world,
    writers,
)

PARTS: dict[str, Callable[..., Iterator[Figure]]] = {
    "pages": pages.measure,
    "import": packages.measure,
    "pdf": pdfs.measure,
    "flood": flood.measure,
    "matching": matches.measure,
    "rooms": rooms.measure,
    "board": board.measure,
    "canvas": canvas.measure,
    "writers": writers.measure,
}
TAKES_LONG = ("flood", "board", "canvas", "writers")  # run by name alone
# What runs in a process with its own settings and data, started by a part.
INSIDE: dict[str, Callable[..., dict]] = {
    "world": lambda copies: world.build(int(copies)),
    "pdf": pdfs.time_one,
    "plan": pdfs.time_plan,
    "flood": lambda plans: flood.queue_and_watch(int(plans)),
    "crowds": crowd.build,
    "matching": matches.time_one,
    "studio": studio.time_one,
    "engine": lambda twins, hosts: engine.time_one(int(twins), int(hosts)),
    "board": lambda people: board.build(int(people)),
    "board-truth": board.truth,
    "canvas": canvas.fill,
    "writers": writers.build,
    "writers-truth": writers.truth,
    "bare": lambda twins, hosts: engine.time_bare(int(twins), int(hosts)),
}


class Command(BaseCommand):
    help = "Measure pages, the import, PDFs, matching and boards on scratch data; prints a table and writes var/bench.json."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("part", nargs="?", choices=[*PARTS], help="one part alone")
        parser.add_argument("--large", action="store_true", help="matching with 20,000 twins and 3,000 hosts as well")
        parser.add_argument("--seconds", type=int, default=board.SECONDS, help="how long people write on the board")
        parser.add_argument("--inside", nargs="+", metavar="PART", help=argparse.SUPPRESS)

    def handle(self, *, part, inside, large, seconds, **options):
        if inside:
            self.stdout.write(json.dumps(INSIDE[inside[0]](*inside[1:])))
            return
        figures: list[Figure] = []
        choices: dict[str, dict[str, object]] = {"matching": {"large": large}, "board": {"seconds": seconds}}
        for name in [part] if part else [name for name in PARTS if name not in TAKES_LONG]:
            self.stderr.write(f"Measuring {name} ...")
            for figure in PARTS[name](**choices.get(name, {})):
                figures.append(figure)
                self.stderr.write(f"  {as_line(figure)}")
        self.stdout.write(as_table(figures))
        over = sum(figure.verdict == "over" for figure in figures)
        self.stdout.write(
            f"\n{over} of {sum(figure.bar is not None for figure in figures)} figures are over their bar."
        )
        report = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "figures": as_json(figures)}
        (settings.VAR_DIR / "bench.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
