"""How long our rendering takes beside bare WeasyPrint on the same HTML. Called by the bench."""

import statistics
import time
from collections.abc import Callable

from ..models import OutputVersion
from .render import BASE_URL, VARIANT, _engine, _fetcher, render_version, version_html


def compare_with_bare(version: OutputVersion, *, rounds: int = 5) -> dict[str, float]:
    """Medians in seconds: {"ours", "bare", "ratio", "pages"}. Rounds alternate, after one of each to warm up.

    Ours: template, checks and PDF, as a worker does it. Bare: WeasyPrint alone on the HTML that the template gave, with
    the same conformance.
    """
    html = version_html(version)
    HTML = _engine()  # noqa: N806 the name of the class

    def bare() -> None:
        HTML(string=html, base_url=BASE_URL, url_fetcher=_fetcher()()).write_pdf(pdf_variant=VARIANT, pdf_tags=True)

    pages = render_version(version)[1]
    bare()
    ours_times, bare_times = [], []
    for _round in range(rounds):
        ours_times.append(_seconds(lambda: render_version(version)))
        bare_times.append(_seconds(bare))
    ours, plain = statistics.median(ours_times), statistics.median(bare_times)
    return {"ours": ours, "bare": plain, "ratio": ours / plain, "pages": pages}


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
