"""The page on which a host checks what its twin wrote about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.access import may, require
from twinning.core.errors import Refused

from ..forms.facts import FactsForm
from ..selectors.facts import CHECKED_WHILE, facts_of, has_facts
from ..services.facts import check_facts
from .desk import output_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def version_facts(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Every practice with what is said about the host; the host says right or not right, everybody else reads it."""
    output = output_or_404(request, code)
    version = get_object_or_404(output.versions, number=number)
    if not has_facts(output.kind):
        raise Http404
    is_host = may(request.user, "outputs.check_facts", output)
    if request.method == "POST":
        require(request.user, "outputs.check_facts", output)
    facts = facts_of(version)
    form = FactsForm(request.POST or None, facts=facts)
    if request.method == "POST" and form.is_valid():
        try:
            changed = check_facts(version, by=request.user, now=timezone.now(), checks=form.checks())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Thank you. The city and its facilitator have been told.") if changed else _("Nothing has changed."),
            )
            if row := request.POST.get("row"):  # from the output itself: back to the row
                return redirect(f"{output.get_absolute_url()}#read-{row}")
            return redirect("outputs:version-facts", code, number)
    context = {
        "output": output,
        "version": version,
        "form": form,
        "facts": facts,
        "can_check": is_host and output.state in CHECKED_WHILE,
    }
    return render(request, "outputs/version_facts.html", context, status=422 if form.errors else 200)
