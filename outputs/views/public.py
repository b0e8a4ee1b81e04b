"""The public summary of an output: consent, taking it back, and the page that everybody sees."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.core.access import may, require
from twinning.core.errors import Refused

from ..forms.documents import PublicationForm
from ..models import Publication
from ..selectors.public import newest_accepted, public_part
from ..services.publishing import publish_summary, withdraw_summary
from .desk import output_or_404

FRESH_SECONDS = 300


@login_not_required
@require_safe
def public_output(request: HttpRequest, code: str) -> HttpResponse:
    """What everybody may read. After the consent was taken back: gone, under the same address."""
    rows = Publication.objects.select_related("version")
    publication = get_object_or_404(rows, code=code)
    if not publication.is_public:
        response = render(request, "outputs/public_gone.html", status=410)
        response["Cache-Control"] = "no-store"
        return response
    version = publication.version
    with translation.override(version.language):
        context = _shown(publication, version) | {"LANGUAGE_CODE": version.language}
        response = render(request, "outputs/public_output.html", context)
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response["Last-Modified"] = http_date(publication.consented_at.timestamp())
    return response


def _shown(publication: Publication, version) -> dict:
    content = version.content
    return {
        "publication": publication,
        "summary": publication.summary,
        "version": version,
        "content": content,
        "part": public_part(content),
        "document_language": version.language,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def publication_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The lead officer reads what would be public, writes the summary and agrees; other officers see how it stands."""
    output = output_or_404(request, code)
    require(request.user, "outputs.write_output", output)
    may_agree = may(request.user, "outputs.publish_summary", output)
    if request.method == "POST" and not may_agree:
        raise PermissionDenied
    publication = Publication.objects.filter(output=output).first()
    version = newest_accepted(output)
    form = PublicationForm(request.POST or None, initial={"summary": publication.summary if publication else ""})
    if request.method == "POST" and form.is_valid():
        try:
            publish_summary(output, summary=form.cleaned_data["summary"], by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The summary is public now."))
            return redirect("outputs:publication-edit", code=output.code)
    context = {
        "output": output,
        "may_agree": may_agree,
        "publication": publication,
        "public_url": request.build_absolute_uri(publication.get_absolute_url()) if publication else "",
        "version": version,
        "part": public_part(version.content) if version else None,
        "form": form,
    }
    return render(request, "outputs/publication_edit.html", context, status=422 if form.errors else 200)


@require_POST
def publication_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take the consent back."""
    output = output_or_404(request, code)
    require(request.user, "outputs.publish_summary", output)
    if withdraw_summary(output, by=request.user, now=timezone.now()):
        messages.success(request, _("The page is gone for the public."))
    return redirect("outputs:publication-edit", code=output.code)
