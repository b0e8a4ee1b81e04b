"""Frozen versions and their documents."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from twinning.core.access import may

from ..models import Document, Output
from ..pdf.context import print_context
from ..services.documents import retry_document
from ..states import DocumentState
from .versions import version_or_404


@require_safe
def version_print(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The version as the PDF shows it, for printing from the browser."""
    version = version_or_404(request, code, number)
    return render(request, "outputs/pdf/version.html", print_context(version))


def _document(request: HttpRequest, code: str) -> Document:
    outputs = Output.objects.visible_to(request.user).values("pk")
    rows = Document.objects.select_related(
        "version__output__participation__city", "version__output__participation__cohort"
    )
    return get_object_or_404(rows.filter(version__output__in=outputs), code=code)


@require_safe
def document_download(request: HttpRequest, code: str) -> HttpResponse:
    """The file of a ready document, as an attachment."""
    document = _document(request, code)
    if document.state != DocumentState.READY:
        raise Http404
    version = document.version
    city = slugify(version.content["twin"]["name"]) or "city"
    name = f"{slugify(version.content['label'])}-{city}-v{version.number}.{document.format}"
    try:
        opened = document.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/pdf")
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def document_retry(request: HttpRequest, code: str) -> HttpResponse:
    """Queue a failed document anew."""
    document = _document(request, code)
    output = document.version.output
    if not may(request.user, "outputs.retry_document", output):
        raise PermissionDenied
    if retry_document(document, by=request.user, now=timezone.now()):
        messages.success(request, _("The PDF is being made again."))
    return redirect(output.get_absolute_url() + "#versions")
