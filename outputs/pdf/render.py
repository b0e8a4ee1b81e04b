"""From a frozen version to a PDF/UA-1 file, on request one for the archive. WeasyPrint is imported inside the functions: it is slow and needs Pango."""

import zoneinfo
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import timezone, translation

from ..models import OutputVersion
from .archive import VARIANT as ARCHIVAL
from .archive import data_attached, declare_ua
from .context import print_context
from .engine import EngineMissing, explain_missing

BASE_URL = "https://document.invalid/"  # never asked: `_fetcher` answers from our own files or not at all
SERVED = {"css": "text/css", "fonts": "font/ttf"}
VARIANT = "pdf/ua-1"


def version_html(version: OutputVersion) -> str:
    """The page that becomes the PDF: labels in the language of the text, times in the cohort's zone."""
    zone = zoneinfo.ZoneInfo(version.output.participation.cohort.time_zone)
    with translation.override(version.language), timezone.override(zone):
        return render_to_string(
            "outputs/pdf/version.html", print_context(version) | {"LANGUAGE_CODE": version.language}
        )


def render_version(version: OutputVersion) -> tuple[bytes, int]:
    """(file, number of pages). Raises `EngineMissing` where this machine lacks the PDF engine."""
    return render_pdf(version_html(version))


def render_archival(version: OutputVersion) -> tuple[bytes, int]:
    """The same file as PDF/A-3a and PDF/UA-1 at once, with the data of the version attached."""
    document = _laid_out(version_html(version), ARCHIVAL)
    attachments = [data_attached(version)]
    file = document.write_pdf(pdf_variant=ARCHIVAL, pdf_tags=True, attachments=attachments, finisher=declare_ua)
    return file, len(document.pages)


def render_pdf(html: str) -> tuple[bytes, int]:
    """A tagged PDF with its fonts inside. Pictures, styles and fonts come from our own static files alone."""
    document = _laid_out(html, VARIANT)
    return document.write_pdf(pdf_variant=VARIANT, pdf_tags=True), len(document.pages)


def _laid_out(html: str, variant: str):
    HTML = _engine()  # noqa: N806 the name of the class
    return HTML(string=html, base_url=BASE_URL, url_fetcher=_fetcher()()).render(pdf_variant=variant, pdf_tags=True)


def _engine():
    """WeasyPrint's HTML class. Without Pango its import fails with OSError; that is said in words for people."""
    try:
        from weasyprint import HTML
    except (OSError, ImportError) as error:
        raise EngineMissing(explain_missing() or str(error)) from error
    return HTML


@cache
def _fetcher():
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFilesOnly(URLFetcher):
        """Answers for our own styles and fonts; everything else, files and networks alike, does not exist."""

        def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
            path = static_file(url)
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": SERVED[path.parent.name]})

    return OurFilesOnly


def static_file(url: str) -> Path:
    """The file of one of our own static addresses. Raises ValueError for every other address."""
    parts = urlsplit(url)
    name = unquote(parts.path).removeprefix(settings.STATIC_URL)
    folder = name.partition("/")[0]
    is_ours = url.startswith(BASE_URL) and parts.path.startswith(settings.STATIC_URL)
    if not is_ours or folder not in SERVED or name.count("/") != 1 or ".." in name:
        raise ValueError(f"Documents load nothing from {url}")
    for path in (_collected(name), finders.find(name)):
        if path and Path(path).is_file():
            return Path(path)
    raise ValueError(f"There is no static file {name}")


def _collected(name: str) -> str | None:
    """Where `collectstatic` has put it; in production names carry a hash that only that folder knows."""
    try:
        return staticfiles_storage.path(name)
    except (ImproperlyConfigured, SuspiciousFileOperation):
        return None
