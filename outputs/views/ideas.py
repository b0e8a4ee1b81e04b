"""Ideas from visits: noted by anybody of the twin's side or the facilitator, read by whoever sees the output."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.models import Event
from cohorts.states import EventKind
from twinning.core.access import may, require

from ..forms.rows import IdeaForm
from ..models import VisitIdea
from ..services.ideas import note_idea, remove_idea
from .desk import output_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def idea_list(request: HttpRequest, code: str) -> HttpResponse:
    """The ideas of the output's twin, and a form to note another one; `?visit=CODE` names the visit beforehand."""
    output = output_or_404(request, code)
    may_note = may(request.user, "outputs.note_idea", output)
    if request.method == "POST":
        require(request.user, "outputs.note_idea", output)
    visits = Event.objects.filter(pairing__participation=output.participation_id, kind=EventKind.SITE_VISIT)
    form = IdeaForm(
        request.POST or None,
        events=visits.not_cancelled().order_by("planned_on", "pk"),
        initial={"event": request.GET.get("visit", "")},
    )
    if request.method == "POST" and form.is_valid():
        note_idea(output.participation, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Noted. It waits in the Transferability Assessment."))
        return redirect("outputs:idea-list", code=output.code)
    ideas = VisitIdea.objects.of_participation(output.participation_id).present().select_related("event", "noted_by")
    context = {"output": output, "ideas": ideas, "form": form, "may_note": may_note}
    return render(request, "outputs/idea_list.html", context, status=422 if form.errors else 200)


@require_POST
def idea_remove(request: HttpRequest, code: str, idea: str) -> HttpResponse:
    """Take an idea off the list."""
    output = output_or_404(request, code)
    require(request.user, "outputs.note_idea", output)
    found = get_object_or_404(VisitIdea.objects.of_participation(output.participation_id).present(), code=idea)
    remove_idea(found, now=timezone.now())
    messages.info(request, _("Removed: %(idea)s.") % {"idea": found})
    return redirect("outputs:idea-list", code=output.code)
