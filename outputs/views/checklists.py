"""The questions that reviewers ask, for each programme."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.models import Programme
from twinning.core.access import get_visible_or_404, require

from ..forms.checklists import ChecklistsForm
from ..services.checklists import change_checklists


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Read and change the questions of one programme."""
    programme = get_visible_or_404(Programme.objects, request.user, slug=slug)
    require(request.user, "outputs.manage_checklists")
    form = ChecklistsForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        change_checklists(programme, by=request.user, now=timezone.now(), questions=form.cleaned_data)
        messages.success(request, _("The checklists are saved. Reviews that have begun keep their answers."))
        return redirect("outputs:checklist-edit", slug)
    context = {"programme": programme, "form": form}
    return render(request, "outputs/checklist_edit.html", context, status=422 if form.errors else 200)
