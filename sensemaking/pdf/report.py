"""From an edition of a report to a PDF/UA-1 file, with the engine of outputs."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from outputs.pdf.render import render_pdf

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
