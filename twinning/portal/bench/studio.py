"""The studio over a made-up cohort, page and acts, as somebody of the team asks for them: processor time and size.

Acts are done and taken back, so that each round finds the same scenario. The effect that an act says is checked against
the difference of two totals that are computed apart; a wrong one fails the measurement.
"""

import gzip
from collections.abc import Iterator
from dataclasses import asdict

from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from cohorts.models import Cohort
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.selectors.explanations import outcome_of
from matching.selectors.scenarios import signed
from matching.services.scenarios import start_scenario
from matching.states import RunScope
from twinning.people.models import User
from twinning.people.roles import PlatformRole

from .clock import Step, best_of
from .figures import Figure

SIZES = ((40, 25), (200, 120))
BAR_SECONDS = {"40 x 25": 0.3}
ROUNDS = 5


def figures_of(scale: str, found: dict) -> Iterator[Figure]:
    for name, taken in found["times"].items():
        note = f"{taken['clock'] * 1000:,.0f} ms by the clock"
        bar = BAR_SECONDS.get(scale)
        yield Figure("studio", name, taken["processor"], "s", bar, scale, note)
    yield Figure("studio", "page: as sent", found["bytes"] / 1000, "kB", None, scale)
    yield Figure("studio", "page: compressed", found["compressed"] / 1000, "kB", None, scale)


def time_one(slug: str) -> dict:
    """`times` of page and acts, and the bytes of the page, plain and compressed. Raises when an effect is not exact."""
    cohort = Cohort.objects.get(slug=slug)
    by = User.objects.filter(platform_role=PlatformRole.COORDINATOR).order_by("pk").first()
    now = timezone.now()
    scenario = start_scenario(
        cohort, name=f"Bench {now:%H%M%S}", weights=dict(DEFAULT_WEIGHTS), scope=RunScope.ALL, by=by, now=now
    )
    client = Client()
    client.force_login(by)
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
        return _timed(client, scenario)


def _timed(client: Client, scenario) -> dict:
    address, outcome = scenario.get_absolute_url(), outcome_of(scenario.run)
    problem, here = outcome.problem, outcome.plan.host_of[0]
    other = next(j for j in range(len(problem.host_ids)) if problem.allowed[0, j] and j != here)
    pair = {"twin": problem.twin_ids[0], "host": problem.host_ids[other]}
    weights = {f"weight_{slug}": weight for slug, weight in DEFAULT_WEIGHTS.items()} | {"objective": "total"}
    weights["weight_text"] = 40

    def ask(target: str = "", **fields: object) -> object:
        headers = {"HX-Request": "true", "HX-Target": target} if target else {}
        response = client.get(address, fields, headers=headers)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        return response

    def act(name: str, **fields: object) -> None:
        response = client.post(address, {"act": name, **fields})
        if response.status_code != 302:
            raise RuntimeError(f"{name} answered {response.status_code}")

    steps: dict[str, Step] = {
        "page": ask,
        "a pair with why not": lambda: ask("pair", **pair),
        "other weights tried": lambda: ask("preview", **weights),
        "found and sorted": lambda: ask(sort="score", find="7", columns="theirs"),
    }
    for name in ("lock", "veto", "move"):
        steps[name] = lambda name=name: act(name, reason="Measured", **pair)
        steps[f"page after {name}"] = ask
        steps[f"undo {name}"] = lambda: act("undo")
    for step in steps.values():
        step()  # templates and catalogues are loaded once
    _check_lock(client, scenario, act, pair)
    times = best_of(steps, rounds=ROUNDS)
    page = ask()
    return {
        "times": {name: asdict(taken) for name, taken in times.items()},
        "bytes": len(page.content),
        "compressed": len(gzip.compress(page.content)),  # as a server in front of the application sends it
    }


def _check_lock(client: Client, scenario, act, pair: dict) -> None:
    """What the page says of a lock is what two totals say that are computed apart."""
    before = outcome_of(scenario.run).plan.total
    act("lock", reason="Measured", **pair)
    scenario.refresh_from_db()
    page = client.get(scenario.get_absolute_url()).text
    effect = f"Total {signed(round((outcome_of(scenario.run).plan.total - before) / 100, 1))}, the lowest"
    act("undo")
    if effect not in page:
        raise ArithmeticError(f"The totals say “{effect}”, the page does not.")
