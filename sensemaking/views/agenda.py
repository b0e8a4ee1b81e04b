"""Running a session: its agenda point by point, with the time of each."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from twinning.core.errors import Refused

from ..selectors.agenda import agenda_of, now_at
from ..services.agenda import AGENDA_ACTS
from ..services.boards import act_of_team
from ..states import SESSION_MOVES
from .people import run_session_or_404
from .sessions import LABELS


@require_http_methods(["GET", "HEAD", "POST"])
def session_run(request: HttpRequest, code: str) -> HttpResponse:
    """The present point, what comes next, and the plan beside what happened. The page itself tells what a press did."""
    session = run_session_or_404(request, code)
    if request.method == "POST":
        name = request.POST.get("act", "")
        if name not in AGENDA_ACTS:
            raise Http404
        try:
            act_of_team(session, name, request.POST.dict(), now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)
    context = {
        "session": session,
        "present": now_at(session),
        "agenda": agenda_of(session),
        "now": timezone.now(),
        "moves": [(move, LABELS[move]) for move in SESSION_MOVES.names_from(session.state)],
    }
    return render(request, "sensemaking/session_run.html" + ("#agenda" if request.htmx else ""), context)
