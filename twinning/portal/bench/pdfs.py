"""PDFs beside bare WeasyPrint on the same HTML: the roadmap of the demo, and an action plan of thirty actions with its pictures."""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

from django.utils import timezone

from outputs.models import Document, Output, OutputVersion
from outputs.pdf import render
from outputs.selectors.content import fingerprint
from outputs.services.documents import make_document
from outputs.states import DocumentState
from twinning.people.models import User

from .contents import example_content
from .figures import Figure
from .scratch import environment_for, folder_for, run_inside, run_python

ROUNDS = 5
MOST_TIMES = 1.2
PLAN_ROWS = {"actions": 30, "steps": 1, "costs": 1, "funding": 1, "indicators": 0, "dependencies": 0, "risks": 0}


def measure() -> Iterator[Figure]:
    environment = environment_for(folder_for("pdf"))
    run_python("manage.py", "collectstatic", "--noinput", "--verbosity", "0", environment=environment)
    run_inside("world", 1, environment=environment)
    times = run_inside("pdf", environment=environment)
    bare = times["bare"]
    note = f"{times['ours']:.2f} s, bare {bare:.2f} s, {times['pages']} pages"
    yield Figure("pdf", "HTML and rendering: time", times["ours"] / bare, "x bare WeasyPrint", MOST_TIMES, note=note)
    note = f"{times['service']:.2f} s, with claim, file and row"
    yield Figure("pdf", "the worker's service: time", times["service"] / bare, "x bare WeasyPrint", 1.25, note=note)
    plan = run_inside("plan", environment=environment)
    note = f"{plan['ours']:.2f} s, bare {plan['bare']:.2f} s, {plan['pages']} pages"
    yield Figure(
        "pdf", "plan of 30 actions: time", plan["ours"] / plan["bare"], "x bare WeasyPrint", MOST_TIMES, note=note
    )
    note = f"{plan['before']:.0f} MB before the first"
    yield Figure("pdf", "plan of 30 actions: memory", plan["megabytes"], "MB at most", note=note)


def time_one() -> dict[str, float]:
    """Medians of rendering the last accepted roadmap: bare, ours, and the service with a document's row."""
    version = OutputVersion.objects.filter(output__kind="learning_roadmap").order_by("-pk").first()
    document = version.documents.get()

    def service() -> None:
        Document.objects.filter(pk=document.pk).update(
            state=DocumentState.QUEUED, claim="", claimed_at=None, finished_at=None, file="", attempts=0
        )
        if not make_document(document.pk, clock=timezone.now):
            raise RuntimeError("The document was not made.")

    return _medians(version, service=service)


def time_plan() -> dict[str, float]:
    """The same for an action plan of thirty actions, and the most memory that this process held."""
    before = _megabytes()
    times = _medians(plan_version(number=1))
    return times | {"before": before, "megabytes": _megabytes()}


def plan_version(*, number: int) -> OutputVersion:
    """A frozen plan of thirty actions, as large as a city's may be."""
    content = example_content("action_plan", rows=PLAN_ROWS, is_short=True)
    return OutputVersion.objects.create(
        output=Output.objects.filter(kind="action_plan").order_by("pk").first(),
        number=1000 + number,
        content=content,
        content_hash=fingerprint(content),
        language="en",
        submitted_at=timezone.now(),
        submitted_by=User.objects.order_by("pk").first(),
    )


def _medians(version: OutputVersion, **more: Callable[[], object]) -> dict[str, float]:
    from weasyprint import HTML

    html, fetcher = render.version_html(version), render._fetcher()

    def bare() -> None:
        HTML(string=html, base_url=render.BASE_URL, url_fetcher=fetcher()).write_pdf(
            pdf_variant=render.VARIANT, pdf_tags=True
        )

    steps = {"bare": bare, "ours": lambda: render.render_version(version), **more}
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(ROUNDS + 1):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            if number:  # the first round warms up
                times[name].append(time.perf_counter() - started)
    _file, pages = render.render_version(version)
    return {name: median(values) for name, values in times.items()} | {"pages": pages}


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
