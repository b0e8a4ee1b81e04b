"""Files of frozen versions and of whole cities: those that workers make, and the quick ones made when they are asked for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Participation
from twinning.core.access import get_visible_or_404, may, require

from ..formats.data import version_data
from ..formats.names import file_stem
from ..formats.word import about_version, render_word
from ..formats.workbook import render_workbook
from ..models import Document, Output, OutputVersion
from ..pdf.context import print_context
from ..pdf.engine import explain_missing
from ..selectors.documents import folder_of, waiting_before
from ..services.documents import queue_document, queue_folder, retry_document
from ..states import DocumentFormat, DocumentState
from .versions import version_or_404

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def version_print(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The version as the PDF shows it, for printing from the browser."""
    version = version_or_404(request, code, number)
    return render(request, "outputs/pdf/version.html", print_context(version))


def _version(request: HttpRequest, code: str, number: int) -> OutputVersion:
    """A version of an output that the person sees; guests read the page of their version, they get no files."""
    output = get_visible_or_404(Output.objects, request.user, code=code)
    versions = OutputVersion.objects.select_related(
        "submitted_by", "output__participation__city", "output__participation__cohort"
    )
    return get_object_or_404(versions, output=output, number=number)


@require_safe
def version_data_file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The version as data: the canonical JSON of its fingerprint."""
    version = _version(request, code, number)
    return attachment(version_data(version), "application/json", f"{file_stem(version)}.json")


@require_safe
def version_workbook(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Every table of the version as a spreadsheet."""
    version = _version(request, code, number)
    return attachment(render_workbook(version), WORKBOOK_TYPE, f"{file_stem(version)}.xlsx")


@require_safe
def version_word(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The version as a Word file, for those who go on there."""
    version = _version(request, code, number)
    data = render_word(version.content, code=version.output.code, about=about_version(version))
    return attachment(data, WORD_TYPE, f"{file_stem(version)}.docx")


@require_POST
def version_archive(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Have the version made as PDF/A with its data inside."""
    version = _version(request, code, number)
    require(request.user, "outputs.retry_document", version.output)
    queue_document(version, now=timezone.now(), file_format=DocumentFormat.ARCHIVAL)
    messages.success(request, _("The PDF for the archive is being made."))
    return redirect(version.output.get_absolute_url() + "#versions")


def attachment(data: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep, made for this person now."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type=content_type, headers=headers)


def _document(request: HttpRequest, code: str) -> Document:
    """A document of an output that the person sees, or the folder of a participation that they may have."""
    user = request.user
    outputs, twins = Output.objects.visible_to(user), Participation.objects.visible_to(user)
    seen = Q(version__output__in=outputs.values("pk")) | Q(participation__in=twins.values("pk"))
    return get_object_or_404(Document.objects.with_subject().filter(seen), code=code)


@require_safe
def document_download(request: HttpRequest, code: str) -> HttpResponse:
    """The file of a ready document, as an attachment."""
    document = _document(request, code)
    if document.participation:
        require(request.user, "outputs.make_folder", document.participation)
    if document.state != DocumentState.READY:
        raise Http404
    opened = document.opened()
    if opened is None:
        messages.error(request, _("This file cannot be read now. Please tell the people who run the platform."))
        if document.participation:
            return redirect("outputs:folder-detail", code=document.participation.code)
        return redirect(document.subject)
    kind = "application/zip" if document.participation else "application/pdf"
    response = FileResponse(opened, as_attachment=True, filename=_name(document), content_type=kind)
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _name(document: Document) -> str:
    if document.participation:
        return f"{slugify(str(document.participation.city)) or 'city'}-outputs.zip"
    archival = "-archive" if document.format == DocumentFormat.ARCHIVAL else ""
    return f"{file_stem(document.version)}{archival}.pdf"


@require_POST
def document_retry(request: HttpRequest, code: str) -> HttpResponse:
    """Queue a failed document anew."""
    document = _document(request, code)
    permission = "outputs.make_folder" if document.participation else "outputs.retry_document"
    if not may(request.user, permission, document.subject):
        raise PermissionDenied
    if retry_document(document, by=request.user, now=timezone.now()):
        messages.success(request, _("The file is being made again."))
    if document.participation:
        return redirect(reverse("outputs:folder-detail", args=[document.participation.code]))
    return redirect(document.subject.get_absolute_url() + "#versions")


@require_http_methods(["GET", "HEAD", "POST"])
def folder_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A city's whole folder: have it made, watch it being made, take it."""
    participation = get_visible_or_404(Participation.objects.select_related("city", "cohort"), request.user, code=code)
    require(request.user, "outputs.make_folder", participation)
    if request.method == "POST":
        queue_folder(participation, by=request.user, now=timezone.now())
        return redirect("outputs:folder-detail", code=participation.code)
    document = folder_of(participation)
    context = {
        "participation": participation,
        "document": document,
        "before": waiting_before(document) if document else 0,
        "versions": OutputVersion.objects.filter(output__participation=participation).count(),
        "engine_missing": explain_missing(),
    }
    return render(request, "outputs/folder_detail.html", context)
