"""Importing a cohort package in the browser: upload, read the report, confirm."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.access import require
from twinning.core.errors import Refused

from ..forms.packages import PackageConfirmForm, PackageUploadForm
from ..models import Cohort
from ..package_format import PackageRefused
from ..selectors.package_plan import plan_import
from ..selectors.package_report import report_of
from ..services.package_uploads import discard_upload, keep_upload, open_upload
from ..services.packages import import_package, read_package_file

SHOWN = 200
IMPORTED = "imported_package"  # in the session: the token that was used up last, and the cohort that came of it


@require_http_methods(["GET", "HEAD", "POST"])
def package_import(request: HttpRequest) -> HttpResponse:
    """Choose a file; a faulty one is answered with all of its faults."""
    require(request.user, "cohorts.import_package")
    form = PackageUploadForm(request.POST or None, request.FILES or None)
    if request.method == "GET":
        return render(request, "cohorts/package_import.html", {"form": PackageUploadForm()})
    if not form.is_valid():
        return _refused(request, form, form.refusal)
    file = form.cleaned_data["file"]
    file.seek(0)
    token = keep_upload(file.read(), by=request.user, now=timezone.now())
    return redirect("cohorts:package-review", token=token)


def _refused(request: HttpRequest, form: PackageUploadForm, refusal: PackageRefused | None) -> HttpResponse:
    faults = refusal.faults if refusal else ()
    context = {
        "form": form,
        "faults": faults[:SHOWN],
        "more_faults": max(0, len(faults) - SHOWN),
        "is_complete": refusal is None or refusal.is_complete,
    }
    return render(request, "cohorts/package_import.html", context, status=422)


def _imported_already(request: HttpRequest, token: str) -> HttpResponse:
    cohort = Cohort.objects.filter(slug=request.session.get(IMPORTED, {}).get(token)).first()
    if cohort is None:
        raise Http404
    messages.info(request, _("This file is imported already; nothing was done twice."))
    return redirect(cohort)


@require_http_methods(["GET", "HEAD", "POST"])
def package_review(request: HttpRequest, token: str) -> HttpResponse:
    """What the uploaded file would create, change and leave alone; confirming it imports it.

    A second press, a second tab or the way back finds the cohort instead of the file.
    """
    require(request.user, "cohorts.import_package")
    upload = open_upload(token, by=request.user)
    if upload is None:
        return _imported_already(request, token)
    form, refused = PackageConfirmForm(request.POST or None), None
    try:
        with upload:
            package = read_package_file(upload)
        if request.method == "POST" and form.is_valid():
            fingerprint = form.cleaned_data["fingerprint"]
            plan = import_package(package, by=request.user, now=timezone.now(), fingerprint=fingerprint)
            discard_upload(token, by=request.user)
            request.session[IMPORTED] = {token: plan.cohort.slug}
            messages.success(request, _("%(cohort)s is imported.") % {"cohort": plan.cohort})
            return redirect(plan.cohort)
        plan = plan_import(package)
    except PackageRefused as refusal:
        return _refused(request, PackageUploadForm(), refusal)
    except Refused as refusal:
        refused = str(refusal)
        plan = plan_import(package)
    context = {
        "report": report_of(plan, limit=SHOWN),
        "form": PackageConfirmForm(initial={"fingerprint": plan.fingerprint}),
        "refused": refused,
    }
    return render(request, "cohorts/package_review.html", context, status=409 if refused else 200)
