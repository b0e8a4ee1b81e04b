"""From an edition of a report to a PDF/UA-1 file, with the engine of outputs."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outputs.pdf.render import render_pdf

from ..selectors.gathered import Gathered
from ..selectors.reports import read_report


def report_context(content: dict[str, Any]) -> dict[str, Any]:
    """What page, print view and PDF are drawn from."""
    edition = _("edition %(number)d") % {"number": content["edition"]}
    return {
        "read": read_report(content),
        "content": content,
        "on_paper": True,
        "document_language": content["language"],
        "running_title": f"{_('Sensemaking report')} · {content['title']} · {edition}",
    }


def report_html(content: dict[str, Any]) -> str:
    """The page that becomes the PDF, in the language in which the edition was published."""
    with translation.override(content["language"]):
        context = report_context(content) | {"LANGUAGE_CODE": content["language"]}
        return render_to_string("sensemaking/pdf/report.html", context)


def render_report(content: dict[str, Any]) -> tuple[bytes, int]:
    """(file, number of pages). Raises `EngineMissing` where this machine lacks the PDF engine."""
    return render_pdf(report_html(content))


def gathered_context(gathered: Gathered) -> dict[str, Any]:
    """What print view and PDF of the report over several sessions are drawn from, in the reader's language."""
    return {
        "gathered": gathered,
        "document_language": get_language() or "en",
        "running_title": f"{_('What was found')} · {gathered.title} · {date_format(gathered.made_on, 'j F Y')}",
    }


def render_gathered(gathered: Gathered) -> bytes:
    """The same as a PDF/UA-1 file. Raises `EngineMissing` as above."""
    context = gathered_context(gathered)
    return render_pdf(render_to_string("sensemaking/pdf/gathered.html", context))[0]
