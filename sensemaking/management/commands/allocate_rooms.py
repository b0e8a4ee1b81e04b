"""`manage.py allocate_rooms SESSION`: seats for everybody on the list of a session, from the command line."""

import json
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sensemaking.grouping import FINAL_MOVES, prices_of_rules
from sensemaking.models import Session
from sensemaking.services.allocation import find_plan, keep_plan
from twinning.core.errors import Refused


class Command(BaseCommand):
    help = "Allocates the people of a session to its rooms; the same data, seed and moves give the same plan."

    def add_arguments(self, parser):
        parser.add_argument("session", help="code of the session")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--moves", type=int, default=FINAL_MOVES, help="length of the search")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--json", action="store_true", help="print the plan as JSON")

    def handle(self, *, session, seed, moves, dry_run, **options):
        found = Session.objects.filter(code=session.upper()).first()
        if found is None:
            raise CommandError(f"There is no session {session!r}.")
        if seed < 0 or moves < 0:
            raise CommandError("--seed and --moves are whole numbers of at least 0.")
        try:
            started = time.perf_counter()
            problem, plan = find_plan(found, seed=seed, moves=moves)
            prices = prices_of_rules(problem, plan, seed=seed)
            if not dry_run:
                seconds = time.perf_counter() - started
                now = timezone.now()
                keep_plan(found, problem, plan, prices=prices, seconds=seconds, seed=seed, by=None, now=now)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        answer = {
            "session": found.code,
            "seed": seed,
            "moves": plan.moves,
            "total": plan.cost.total,
            "bound": plan.cost.bound,
            "cost": plan.cost.parts(),
            "prices": prices,
            "broken": [
                {"rule": each.rule, "round": each.round + 1, "room": each.room, "people": list(each.people)}
                for each in plan.broken
            ],
            "rounds": [_rooms_of(found, part, seating) for part, seating in enumerate(plan.seats, start=1)],
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        for number, rooms in enumerate(answer["rounds"], start=1):
            self.stdout.write(f"Round {number}")
            for room in rooms:
                self.stdout.write(f"  {room['name']}: {'; '.join(person['name'] for person in room['people'])}")
        self.stdout.write(f"{answer['total']} points, none can have less than {answer['bound']}.")


def _rooms_of(session: Session, part: int, seating) -> list[dict]:
    names = {guest.code: str(guest) for guest in session.guests.select_related("city")}
    return [
        {
            "room": room.code,
            "name": str(room),
            "people": [
                {"id": code, "name": names[code]} for code, where in sorted(seating.items()) if where == room.code
            ],
        }
        for room in session.rooms.filter(part=part).order_by("position")
    ]
