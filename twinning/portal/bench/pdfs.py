"""The PDF of a roadmap beside bare WeasyPrint on the same HTML, and the whole service around it."""

import time
from collections.abc import Iterator
from statistics import median

from django.utils import timezone

from outputs.models import Document, OutputVersion
from outputs.pdf import render
from outputs.services.documents import make_document
from outputs.states import DocumentState

from .figures import Figure
from .scratch import environment_for, folder_for, run_inside, run_python

ROUNDS = 5
MOST_TIMES = 1.2


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


def time_one() -> dict[str, float]:
    """Medians of rendering the last accepted roadmap: bare, ours, and the service with a document's row."""
    from weasyprint import HTML

    version = OutputVersion.objects.filter(output__kind="learning_roadmap").order_by("-pk").first()
    html, fetcher = render.version_html(version), render._fetcher()
    document = version.documents.get()

    def bare() -> None:
        HTML(string=html, base_url=render.BASE_URL, url_fetcher=fetcher()).write_pdf(
            pdf_variant=render.VARIANT, pdf_tags=True
        )

    def service() -> None:
        Document.objects.filter(pk=document.pk).update(
            state=DocumentState.QUEUED, claim="", claimed_at=None, finished_at=None, file="", attempts=0
        )
        if not make_document(document.pk, clock=timezone.now):
            raise RuntimeError("The document was not made.")

    steps = {"bare": bare, "ours": lambda: render.render_version(version), "service": service}
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(ROUNDS + 1):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            if number:  # the first round warms up
                times[name].append(time.perf_counter() - started)
    _file, pages = render.render_version(version)
    return {name: median(values) for name, values in times.items()} | {"pages": pages}
