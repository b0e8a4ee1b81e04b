"""Where things come from and what was made of them: one note, coverage, the origins of an action or a practice; and consent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Cohort
from outputs.models import Output, PlanAction, TransferCandidate
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.answers import answer

from ..models import Guest, Insight, LineageLink, Note, Session
from ..selectors.insights import insight_rows
from ..selectors.lineage import coverage_of, traces_of, use_of
from ..services.consent import withdraw_consent
from ..services.lineage import build_on, kind_of_row, unlink
from ..states import NoteState
from .people import run_session_or_404

ROWS = {"action": PlanAction, "practice": TransferCandidate}


@require_safe
def note_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One note, and what became of it."""
    notes = Note.objects.select_related("board__session", "room", "city", "group").filter(
        board__session__in=Session.objects.visible_to(request.user).values("pk"), state=NoteState.PLACED
    )
    note = get_object_or_404(notes, code=code)
    runs = may(request.user, "sensemaking.run_session", note.board)
    if note.board.is_private and not runs:
        raise Http404
    use = use_of(note)
    shown = set(Insight.objects.visible_to(request.user).filter(pk__in=[each.pk for each in use.insights]))
    use.insights = [each for each in use.insights if each in shown]
    return render(request, "sensemaking/note_detail.html", {"note": note, "session": note.board.session, "use": use})


@require_safe
def coverage(request: HttpRequest, code: str) -> HttpResponse:
    """Whose voice reached the insights of a session; the team sees which notes did not."""
    session = get_visible_or_404(Session.objects, request.user, code=code)
    context = {
        "session": session,
        "coverage": coverage_of([session]),
        "runs": may(request.user, "sensemaking.run_session", session),
        "back_url": session.get_absolute_url(),
    }
    return render(request, "sensemaking/coverage.html", context)


@require_safe
def cohort_coverage(request: HttpRequest, slug: str) -> HttpResponse:
    """The same over all sessions of a cohort."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    sessions = list(Session.objects.in_cohort(cohort).order_by("held_on", "pk"))
    context = {
        "cohort": cohort,
        "coverage": coverage_of(sessions, by_session=True),
        "runs": False,
        "back_url": reverse("sensemaking:session-list", args=[cohort.slug]),
    }
    return render(request, "sensemaking/coverage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def row_origins(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """From which insights an action or a practice grew; its writers choose among the confirmed ones of their cohort."""
    if kind not in ROWS:
        raise Http404
    rows = ROWS[kind].objects.filter(removed_at=None).select_related("output__participation__cohort")
    row = get_object_or_404(rows.filter(output__in=Output.objects.visible_to(request.user).values("pk")), code=code)
    writes = may(request.user, "outputs.write_output", row.output)
    insights = Insight.objects.in_cohort(row.output.participation.cohort).confirmed().visible_to(request.user)
    end = kind_of_row(row)[1]
    if request.method == "POST":
        require(request.user, "outputs.write_output", row.output)
        now = timezone.now()
        if "remove" in request.POST:
            link = get_object_or_404(LineageLink, **{end: row}, insight__code=request.POST["remove"])
            return answer(
                request, lambda: unlink(link, by=request.user, now=now), said=_("Taken back."), then=request.path
            )
        insight = get_object_or_404(insights, code=request.POST.get("insight", ""))
        act = lambda: build_on(insight, row, by=request.user, now=now)  # noqa: E731
        return answer(request, act, said=_("Noted: it grew from this insight."), then=request.path)
    linked = set(LineageLink.objects.filter(**{end: row}).order_by("pk").values_list("insight__code", flat=True))
    context = {
        "row": row,
        "output": row.output,
        "kind": kind,
        "writes": writes,
        "linked": linked,
        "traces": traces_of(row, request.user),
        "rows": insight_rows(insights.order_by("-session__held_on", "-pk")),
        "row_url": _page_of(row),
    }
    return render(request, "sensemaking/row_origins.html", context)


def _page_of(row: PlanAction | TransferCandidate) -> str:
    table = "actions" if isinstance(row, PlanAction) else "candidates"
    section = next(each for each in row.output.form.sections if any(t.slug == table for t in each.tables))
    return reverse("outputs:output-row", args=[row.output.code, section.slug, table, row.code])


# --- consent ------------------------------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_consent(request: HttpRequest, key: str) -> HttpResponse:
    """The holder of a guest's link withdraws consent: asked once more, then done for good."""
    guest = get_object_or_404(Guest.objects.select_related("session", "city"), key=key)
    if request.method == "POST":
        withdraw_consent(guest, by=None, now=timezone.now())
        messages.success(request, _("Done. What you said is erased, and nobody names you."))
        return redirect(guest)
    return render(request, "sensemaking/own_consent.html", {"guest": guest, "session": guest.session})


@require_POST
def guest_consent(request: HttpRequest, code: str, guest: str) -> HttpResponse:
    """The team withdraws consent for somebody who asked them to."""
    session = run_session_or_404(request, code)
    person = get_object_or_404(session.guests, code=guest)
    act = lambda: withdraw_consent(person, by=request.user, now=timezone.now())  # noqa: E731
    then = reverse("sensemaking:guest-edit", args=[session.code, person.code])
    return answer(request, act, said=_("What this person said is erased, and nobody names them."), then=then)
