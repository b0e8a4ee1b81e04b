from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import unless_past
from twinning.core.errors import Refused

from ..forms import ProposalForm
from ..models import Run
from ..selectors.explanations import Storyteller
from ..selectors.matrix import host_names
from ..services.proposals import change_proposal
from ..states import RUN_MOVES


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_change(request, code, twin):
    """Propose another host for one twin; `?host=…` chooses it and says what it costs."""
    run = get_visible_or_404(Run.objects.select_related("cohort"), request.user, code=code)
    require(request.user, "matching.decide_run", run)
    if over := unless_past(request, run, RUN_MOVES, "confirm"):
        return over
    proposal = get_object_or_404(
        run.proposals.select_related("run__cohort", "participation__city", "hosting__host"),
        participation__city__slug=twin,
    )
    asked = request.GET.get("host", "")
    form = ProposalForm(request.POST or None, proposal=proposal, initial={"host": asked})
    if request.method == "POST" and form.is_valid():
        try:
            change_proposal(
                proposal,
                hosting=form.hosting,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The proposal is changed. What the engine proposed stays on record."))
            return redirect(f"{run.get_absolute_url()}?twin={twin}")
    names = host_names(run)
    context = {
        "run": run,
        "cohort": run.cohort,
        "proposal": proposal,
        "form": form,
        "host_name": names.get(proposal.hosting.host.slug, "") if proposal.hosting else "",
        "story": Storyteller(run).story(twin, asked),
    }
    return render(request, "matching/proposal_change.html", context, status=422 if form.errors else 200)
