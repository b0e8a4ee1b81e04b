"""Sessions of a cohort: listed, planned, changed, opened and closed; and its clusters."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Cohort
from twinning.audit.selectors import history_of
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.answers import answer, try_for

from ..forms import SessionForm
from ..models import Session
from ..selectors.agenda import agenda_of
from ..selectors.reports import has_report
from ..selectors.rooms import rooms_of
from ..selectors.sessions import clusters_of, figures_of, people_of, rounds_of, timeline_of
from ..services.sessions import VERB_OF_MOVE, change_session, move_session, plan_session
from ..states import SESSION_MOVES

SAID = {
    "open": gettext_lazy("The session is open."),
    "close": gettext_lazy("The session is closed."),
    "cancel": gettext_lazy("The session is cancelled."),
    "plan_again": gettext_lazy("The session is planned again."),
}
LABELS = {
    "open": gettext_lazy("Open the session"),
    "close": gettext_lazy("Close the session"),
    "cancel": gettext_lazy("Cancel the session"),
    "plan_again": gettext_lazy("Plan it again"),
}


@require_safe
def session_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The rounds of a cohort with their sessions, phase by phase, and its clusters."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    rounds = rounds_of(cohort)
    context = {
        "cohort": cohort,
        "rounds": rounds,
        "has_sessions": any(row.sessions for row in rounds),
        "strip": timeline_of(rounds),
        "clusters": clusters_of(cohort),
        "may_plan": may(request.user, "sensemaking.plan_session", cohort),
    }
    return render(request, "sensemaking/session_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan a session of this cohort, alone or together with others that the person runs."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    require(request.user, "sensemaking.plan_session", cohort)
    form = SessionForm(request.POST or None, cohort=cohort, cohorts=_own_cohorts(request))
    if request.method == "POST" and form.is_valid():
        planned: list[Session] = []
        if try_for(form, lambda: planned.append(_plan(form, request))):
            messages.success(request, _("The session is planned. Put people on its list next."))
            return redirect(planned[0])
    context = {"cohort": cohort, "form": form, "back_url": cohort.get_absolute_url()}
    return render(request, "sensemaking/session_form.html", context, status=422 if form.errors else 200)


def _own_cohorts(request: HttpRequest):
    """Cohorts whose sessions the person may plan."""
    visible = Cohort.objects.visible_to(request.user).order_by("title", "pk")
    return visible if request.user.steers else visible.filter(team_members__user=request.user)


def _plan(form: SessionForm, request: HttpRequest) -> Session:
    return plan_session(list(form.cleaned_data["cohorts"]), by=request.user, now=timezone.now(), **form.row)


@require_safe
def session_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One session: when, for what, how; its rooms once they are shown; and what the team may do."""
    session = _session(request, code)
    runs = may(request.user, "sensemaking.run_session", session)
    people = people_of(session)
    context = {
        "session": session,
        "cohorts": list(session.cohorts.order_by("title", "pk")),
        "clusters": list(session.clusters.order_by("number")),
        "agenda": agenda_of(session),
        "questions": list(session.questions.filter(room=None)),
        "figures": figures_of(session, people),
        "parts": rooms_of(session),
        "own": [guest for guest in people if guest.user_id == request.user.pk],
        "runs": runs,
        "sees_seats": runs or session.rooms_shown_at is not None,
        "moves": [(move, LABELS[move]) for move in SESSION_MOVES.names_from(session.state)] if runs else [],
        "history": history_of(session),
        "has_report": has_report(session),
    }
    return render(request, "sensemaking/session_detail.html", context)


def _session(request: HttpRequest, code: str) -> Session:
    return get_visible_or_404(Session.objects.select_related("round", "format"), request.user, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what was planned. Cohorts of a session stay."""
    session = _session(request, code)
    require(request.user, "sensemaking.run_session", session)
    cohorts = session.cohorts.order_by("title", "pk")
    form = SessionForm(request.POST or None, cohort=cohorts.first(), cohorts=cohorts, session=session)
    del form.fields["cohorts"]
    if (
        request.method == "POST"
        and form.is_valid()
        and try_for(form, lambda: change_session(session, by=request.user, now=timezone.now(), **form.row))
    ):
        messages.success(request, _("The session is changed."))
        return redirect(session)
    context = {"session": session, "form": form, "back_url": session.get_absolute_url()}
    return render(request, "sensemaking/session_form.html", context, status=422 if form.errors else 200)


@require_POST
def session_move(request: HttpRequest, code: str, move: str) -> HttpResponse:
    """Open, close or cancel a session, or plan it again."""
    if move not in VERB_OF_MOVE:
        raise Http404
    session = _session(request, code)
    require(request.user, "sensemaking.run_session", session)
    act = lambda: move_session(session, move, by=request.user, now=timezone.now())  # noqa: E731
    then = reverse("sensemaking:session-run", args=[code]) if request.POST.get("back") == "run" else session
    return answer(request, act, said=str(SAID[move]), then=then)
