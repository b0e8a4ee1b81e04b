"""Forty officers write in one cohort at once: each burst of keys is sent as a browser sends it, and every one of them must be found again.

Two officers share each output and never a field. Runs on SQLite with everything in one process, as the demo does; with BENCH_DATABASE_URL (a
database that may be filled) on PostgreSQL, a Redis of its own and gunicorn. Half way a web process is killed and started again.
BENCH_SECONDS makes it shorter.
"""

import http.client
import json
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Membership
from cohorts.states import MemberRole, PairingState
from outputs.models import Answer, Output, PlanAction
from outputs.states import OutputState
from twinning.people.models import User

from . import board, world
from .figures import Figure
from .scratch import environment_for, folder_for, run_inside, run_python

OFFICERS, SECONDS = 40, 180
PAUSE = 3.0  # seconds between two bursts of one officer, on average
GREETS_EVERY, OPENS_EVERY = 20, 30  # seconds: the sign of life; another page of the form
AGAIN_AFTER = 2.0  # seconds until a text that was not taken is sent again
DRAIN_SECONDS = 60
FIELDS = (("vision", "barriers"), ("governance", "monitoring"))  # of the first and of the second officer of an output
WORDS = "the city opens its doors on two afternoons a week and follows each household up to the signed contract".split()


@dataclass
class Told:
    """What the officers saw, all together. `took`: seconds from a burst until it was acknowledged at the first try."""

    took: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    sent: int = 0
    acknowledged: int = 0
    sent_again: int = 0
    texts: dict[str, str] = field(default_factory=dict)  # output and place -> the text that its writer ended with


class Officer(threading.Thread):
    """One officer at one form, who goes from field to field and writes at the end of each text."""

    def __init__(self, number: int, desk: dict, port: int, seconds: float, told: Told) -> None:
        super().__init__(daemon=True)
        self.number, self.desk, self.port, self.seconds, self.told = number, desk, port, seconds, told
        self.dice = random.Random(number)
        token = f"{number:032d}"
        self.headers = {
            "Cookie": f"sessionid={desk['session']}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.connection: http.client.HTTPConnection | None = None
        self.texts = dict.fromkeys(desk["places"], "")
        self.bursts = 0

    def run(self) -> None:
        until = time.monotonic() + self.seconds
        greeted = opened = float("-inf")
        place = self.desk["places"][0]
        time.sleep(self.dice.uniform(0, PAUSE))
        while (now := time.monotonic()) < until:
            if now - opened > OPENS_EVERY:
                place, opened = self.dice.choice(self.desk["places"]), now
                status, _said = self._ask("GET", self.desk["page"])
                if status == 200:
                    self.told.opened.append(time.monotonic() - now)
            if now - greeted > GREETS_EVERY:
                greeted = now
                self._ask("POST", self.desk["presence"])
            self._burst(place)
            time.sleep(self.dice.expovariate(1 / PAUSE))
        for name, text in self.texts.items():
            self.told.texts[f"{self.desk['output']} {name}"] = text

    def _burst(self, place: str) -> None:
        """A few words more at the end of a text, sent until they are taken: as long as they are not, the page holds them."""
        self.bursts += 1
        base = self.texts[place]
        words = [f"[{self.number}-{self.bursts}]", *self.dice.sample(WORDS, self.dice.randint(2, 7))]
        text = self.texts[place] = " ".join([base, *words]).strip()
        self.told.sent += 1
        began, tries = time.monotonic(), 0
        while time.monotonic() - began < DRAIN_SECONDS:
            tries += 1
            status, said = self._ask("POST", self.desk["autosave"], {"place": place, "text": text, "base": base})
            if status == 200 and said.get("value") == text:
                self.told.acknowledged += 1
                if tries == 1:
                    self.told.took.append(time.monotonic() - began)
                return
            if 200 <= status < 500:
                self.told.refused.append(f"{status} {said}")
                return
            self.told.sent_again += 1
            time.sleep(AGAIN_AFTER)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, dict]:
        """(status, answer as far as it is JSON); status 0 where nobody answered."""
        is_fresh = self.connection is None
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.connection.request(method, path, urlencode(fields or {}), self.headers)
            answer = self.connection.getresponse()
            content = answer.read()
            is_json = answer.headers.get("Content-Type", "").startswith("application/json")
            return answer.status, json.loads(content) if is_json else {}
        except (OSError, http.client.HTTPException, ValueError):
            self.connection = None
        return (
            (0, {}) if is_fresh else self._ask(method, path, fields)
        )  # the server had closed a connection that was idle


def measure() -> Iterator[Figure]:
    mode = "production" if "BENCH_DATABASE_URL" in os.environ else "embedded"
    seconds = int(os.environ.get("BENCH_SECONDS", SECONDS))
    folder = folder_for(f"writers-{mode}")
    environment = environment_for(folder)
    run_python("manage.py", "collectstatic", "--noinput", "--verbosity", "0", environment=environment)
    with ExitStack() as stack:
        if mode == "embedded":
            pages = board.Server(board.one_process, environment, folder / "pages.log")
        else:
            redis = stack.enter_context(board.Server(board.redis_process, environment, folder / "redis.log"))
            environment |= {
                "DATABASE_URL": os.environ["BENCH_DATABASE_URL"],
                "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
            }
            pages = board.Server(board.pages_process, environment, folder / "pages.log")
        desks = run_inside("writers", environment=environment)["desks"]
        stack.enter_context(pages)
        told = _write(desks, pages, seconds, kill=pages.kill_and_restart if mode == "embedded" else pages.kill_a_child)
        stored = run_inside("writers-truth", environment=environment)
    yield from _figures(mode, seconds, told, stored)


def _write(desks: list[dict], pages: board.Server, seconds: int, *, kill) -> Told:
    told = Told()
    officers = [Officer(number, desk, pages.port, seconds, told) for number, desk in enumerate(desks)]
    for officer in officers:
        officer.start()
    time.sleep(seconds / 2)
    kill()
    for officer in officers:
        officer.join(seconds + 2 * DRAIN_SECONDS)
    return told


def _figures(mode: str, seconds: int, told: Told, stored: dict[str, str]) -> Iterator[Figure]:
    """Bursts are counted where they stand: each has a mark of its own, and the text that holds it must be the writer's to the letter."""
    marks = [word for text in told.texts.values() for word in text.split() if word.startswith("[")]
    found = [mark for mark in marks if any(mark in text.split() for text in stored.values())]
    differing = sum(stored.get(name, "") != text for name, text in told.texts.items())
    took, scale = sorted(told.took), f"{OFFICERS} officers"
    note = (
        f"{mode}; {seconds} s, {told.sent / seconds:.0f} a second; {told.sent_again} sent again around a killed process"
    )
    yield Figure("writers", "bursts sent", told.sent, "", None, scale, note)
    yield Figure(
        "writers", "not acknowledged", told.sent - told.acknowledged, "", 0, scale, "; ".join(told.refused[:2])
    )
    yield Figure("writers", "not found in the database", told.sent - len(found), "", 0, scale)
    note = f"of {len(told.texts)}"
    yield Figure("writers", "texts that differ from their writer's", differing, "", 0, scale, note)
    for share in (0.5, 0.95, 0.99):
        name = f"from burst to acknowledged, p{share * 100:.0f}"
        yield Figure("writers", name, took[int(len(took) * share)] if took else float("inf"), "s", None, scale)
    yield Figure("writers", "a page of the form, median", median(told.opened), "s", None, scale)


# --- Inside a process with its own settings and data ------------------------------------------------------------------


def build() -> dict:
    """The demo's first cohort with two officers at the action plan of each of twenty twins; what each of them needs."""
    world.build(1)
    cohort = Cohort.objects.get(slug="cohort-1")
    plans = Output.objects.in_cohort(cohort).filter(
        kind="action_plan", participation__pairings__state=PairingState.ANNOUNCED
    )
    desks = [_desk(plan, number) for plan in plans.order_by("pk")[: OFFICERS // 2] for number in range(2)]
    if len(desks) != OFFICERS:
        raise RuntimeError(f"The cohort has {len(desks)} places to write at, not {OFFICERS}.")
    return {"desks": desks}


def _desk(plan: Output, number: int) -> dict:
    """The place of one officer: empty fields of their own, and a row of their own."""
    Output.objects.filter(pk=plan.pk).update(state=OutputState.DRAFT, submitted_at=None, accepted_at=None)
    Answer.objects.filter(output=plan, field__in=FIELDS[number]).delete()
    action = PlanAction.objects.create(output=plan, position=900 + number, name=f"Action of officer {number}")
    user = User.objects.create_trusted(
        f"writer-{plan.code}-{number}@example.org".lower(), None, name=f"Writer {number}"
    )
    Membership.objects.create(
        participation=plan.participation, user=user, role=MemberRole.OFFICER, since=timezone.now()
    )
    section = ("vision", "carrying-on")[number]
    return {
        "output": plan.code,
        "session": world.session_of(user),
        "page": reverse("outputs:output-section", args=[plan.code, section]),
        "presence": reverse("outputs:output-presence", args=[plan.code, section]),
        "autosave": reverse("outputs:output-autosave", args=[plan.code]),
        "places": [*(f"answer:{slug}" for slug in FIELDS[number]), f"row:actions:{action.code}:description"],
    }


def truth() -> dict[str, str]:
    """Output and place -> what stands there now."""
    answers = Answer.objects.filter(output__kind="action_plan").order_by("pk")
    rows = PlanAction.objects.filter(position__gte=900).order_by("pk")
    return {f"{row.output.code} answer:{row.field}": row.text for row in answers.select_related("output")} | {
        f"{row.output.code} row:actions:{row.code}:description": row.description
        for row in rows.select_related("output")
    }
