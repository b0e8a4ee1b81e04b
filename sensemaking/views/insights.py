"""From notes to insights: the workbench, suggested clusters, one insight, the list of a cohort, rounds compared, advice."""

import csv
from types import SimpleNamespace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Cohort
from twinning.audit.selectors import history_of
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.answers import answer, try_for
from twinning.core.errors import Refused

from ..forms.insight import InsightFilter, InsightForm, NotesFilter
from ..models import Insight, Note, Round, Session
from ..selectors.insights import (
    advice_for,
    compare_rounds,
    insight_rows,
    insights_listed,
    insights_of,
    narrowed,
    notes_beside,
    notes_to_export,
    rounds_with_insights,
    suggestions_for,
)
from ..selectors.lineage import family_of
from ..services.insights import (
    VERB_OF_MOVE,
    add_notes,
    change_insight,
    make_insight,
    merge_insights,
    move_insight,
    split_insight,
    take_notes,
)
from ..services.lineage import continue_insight
from ..states import INSIGHT_MOVES, InsightOrigin
from .people import run_session_or_404

SAID = {
    "confirm": gettext_lazy("The insight is confirmed."),
    "reopen": gettext_lazy("The insight is a draft again."),
    "withdraw": gettext_lazy("The insight is withdrawn."),
    "restore": gettext_lazy("The insight is back as a draft."),
}
NOTE_COLUMNS = ("code", "room", "topic", "group", "text", "city", "said by", "votes", "insights")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t")  # a spreadsheet would take the cell for a formula
LABELS = {
    "confirm": gettext_lazy("Confirm"),
    "reopen": gettext_lazy("Make it a draft again"),
    "restore": gettext_lazy("Bring it back"),
}


def _chosen_notes(request: HttpRequest, session: Session) -> list[Note]:
    """The notes that a form names, of the session or of another one of its cohorts."""
    notes = Note.objects.filter(
        code__in=request.POST.getlist("note"), board__session__cohorts__in=session.cohorts.order_by("pk")
    )
    return list(notes.select_related("board__session").distinct().order_by("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def workbench(request: HttpRequest, code: str) -> HttpResponse:
    """Notes beside insights. One form: choose notes, then make an insight of them or put them under one."""
    session = run_session_or_404(request, code)
    if request.method == "POST":
        return _gather(request, session)
    everything = notes_beside(session, scope=request.GET.get("scope", ""))
    form = NotesFilter(request.GET or None, session=session, notes=[row.note for row in everything])
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = narrowed(everything, chosen)
    context = {
        "session": session,
        "filter": SimpleNamespace(form=form),
        "is_narrowed": any(chosen.values()),
        "rows": rows,
        "figures": [
            {"label": _("Notes"), "value": len(everything)},
            {"label": _("Under no insight yet"), "value": sum(not row.insights for row in everything)},
        ],
        "insights": insights_of(session),
    }
    return render(request, "sensemaking/workbench.html", context)


def _gather(request: HttpRequest, session: Session) -> HttpResponse:
    notes, now = _chosen_notes(request, session), timezone.now()
    back = request.get_full_path()
    into = request.POST.get("into", "")
    try:
        if into:
            insight = get_object_or_404(session.insights, code=into)
            add_notes(insight, notes, by=request.user, now=now)
            messages.success(request, _("The notes stand under “%(insight)s”.") % {"insight": insight})
        else:
            statement = request.POST.get("statement", "")[:300]
            insight = make_insight(session, notes, by=request.user, now=now, statement=statement)
            messages.success(request, _("The insight is a draft. Say what it is about, then confirm it."))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect(f"{back}#{insight.code}")


@require_http_methods(["GET", "HEAD", "POST"])
def suggestions(request: HttpRequest, code: str) -> HttpResponse:
    """Clusters that plain text methods see among the loose notes. A person confirms each, with a statement of their own."""
    session = run_session_or_404(request, code)
    if request.method == "POST":
        notes = _chosen_notes(request, session)
        statement = request.POST.get("statement", "")[:300]
        act = lambda: make_insight(  # noqa: E731
            session, notes, by=request.user, now=timezone.now(), origin=InsightOrigin.SUGGESTED, statement=statement
        )
        return answer(request, act, said=_("The insight is a draft."), then=request.path)
    try:
        clusters, too_many = suggestions_for(session), False
    except ValueError:
        clusters, too_many = [], True
    context = {"session": session, "clusters": clusters, "too_many": too_many}
    return render(request, "sensemaking/suggestions.html", context)


@require_safe
def note_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The notes of a session as a table, with the insights that they stand under. Named are those who agreed to it."""
    session = run_session_or_404(request, code)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="notes-{session.code}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(NOTE_COLUMNS)
    for row in notes_to_export(session):
        writer.writerow([f"'{cell}" if cell[:1] in FORMULA_SIGNS else cell for cell in row])
    return response


@require_safe
def insight_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The insights of a cohort, narrowed by what they are about."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    form = InsightFilter(request.GET or None, cohort=cohort)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    context = {
        "cohort": cohort,
        "filter": SimpleNamespace(form=form),
        "is_narrowed": any(chosen.values()),
        "rows": insights_listed(cohort, request.user, chosen),
    }
    return render(request, "sensemaking/insight_list.html", context)


def _insight(request: HttpRequest, code: str) -> Insight:
    return get_visible_or_404(Insight.objects.select_related("session__round"), request.user, code=code)


def _run_insight(request: HttpRequest, code: str) -> Insight:
    insight = _insight(request, code)
    require(request.user, "sensemaking.run_session", insight)
    return insight


@require_safe
def insight_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One insight: the notes under it, who stands behind it, where it came from and what was built on it."""
    insight = _insight(request, code)
    runs = may(request.user, "sensemaking.run_session", insight)
    (row,) = insight_rows(Insight.objects.filter(pk=insight.pk))
    siblings = [each for each in insights_of(insight.session) if each.insight != insight] if runs else []
    context = {
        "insight": insight,
        "row": row,
        "family": family_of(insight, request.user),
        "runs": runs,
        "moves": [(move, LABELS[move]) for move in INSIGHT_MOVES.names_from(insight.state) if move in LABELS],
        "siblings": siblings if insight.stands else [],
        "history": history_of(insight) if runs else [],
    }
    return render(request, "sensemaking/insight_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def insight_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the statement and what it is about."""
    insight = _run_insight(request, code)
    form = InsightForm(request.POST or None, instance=insight)
    if request.method == "POST" and form.is_valid():
        fresh = Insight.objects.get(pk=insight.pk)
        act = lambda: change_insight(fresh, by=request.user, now=timezone.now(), **form.cleaned_data)  # noqa: E731
        if try_for(form, act):
            messages.success(request, _("Changed."))
            return redirect(fresh)
    context = {"insight": insight, "form": form, "back_url": insight.get_absolute_url()}
    return render(request, "sensemaking/insight_edit.html", context, status=422 if form.errors else 200)


@require_POST
def insight_move(request: HttpRequest, code: str, move: str) -> HttpResponse:
    """Confirm, reopen, withdraw or bring back."""
    if move not in VERB_OF_MOVE:
        raise Http404
    insight = _run_insight(request, code)
    reason = request.POST.get("reason", "")
    act = lambda: move_insight(insight, move, by=request.user, now=timezone.now(), reason=reason)  # noqa: E731
    said = _("Sent back to the harvester.") if move == "withdraw" and insight.proposed_by_id else str(SAID[move])
    return answer(request, act, said=said, then=insight)


@require_POST
def insight_notes(request: HttpRequest, code: str) -> HttpResponse:
    """Take the chosen notes from under the insight, or split them off as one of its own."""
    insight = _run_insight(request, code)
    notes, now = _chosen_notes(request, insight.session), timezone.now()
    if "split" not in request.POST:
        act = lambda: take_notes(insight, notes, by=request.user, now=now)  # noqa: E731
        return answer(request, act, said=_("The notes are loose again."), then=insight)
    try:
        statement = request.POST.get("statement", "")[:300]
        part = split_insight(insight, notes, statement=statement, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(insight)
    messages.success(request, _("Split off. Both parts keep what was built on the whole."))
    return redirect(part)


@require_POST
def insight_merge(request: HttpRequest, code: str) -> HttpResponse:
    """Merge the chosen insights of the session into this one."""
    insight = _run_insight(request, code)
    others = list(insight.session.insights.filter(code__in=request.POST.getlist("other")).order_by("pk"))
    act = lambda: merge_insights(insight, others, by=request.user, now=timezone.now())  # noqa: E731
    return answer(request, act, said=_("Merged. All notes and links hang on this one now."), then=insight)


@require_http_methods(["GET", "HEAD", "POST"])
def rounds_compared(request: HttpRequest, slug: str) -> HttpResponse:
    """What is new, what persists, what is gone between two rounds; the team links what says the same."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    runs = may(request.user, "sensemaking.plan_session", cohort)
    if request.method == "POST":
        require(request.user, "sensemaking.plan_session", cohort)
        insights = Insight.objects.in_cohort(cohort).select_related("session")
        earlier = get_object_or_404(insights, code=request.POST.get("earlier", ""))
        later = get_object_or_404(insights, code=request.POST.get("later", ""))
        act = lambda: continue_insight(earlier, later, by=request.user, now=timezone.now())  # noqa: E731
        return answer(request, act, said=_("Linked: it persists."), then=request.get_full_path())
    rounds = rounds_with_insights(cohort)
    one, other = _two_rounds(request, rounds)
    context = {
        "cohort": cohort,
        "rounds": rounds,
        "earlier": one,
        "later": other,
        "compared": compare_rounds(cohort, one, other) if one and other else None,
        "runs": runs,
    }
    return render(request, "sensemaking/rounds_compared.html", context)


def _two_rounds(request: HttpRequest, counted: list[tuple[Round, int]]):
    """The rounds that the address names, in their order; without one the last two, of those with insights where there are two."""
    rounds = [each for each, _count in counted]
    with_insights = [each for each, count in counted if count]
    by_number = {str(each.number): each for each in rounds}
    chosen = [by_number.get(request.GET.get(name, "")) for name in ("earlier", "later")]
    if None in chosen or chosen[0] == chosen[1]:
        offered = with_insights if len(with_insights) > 1 else rounds
        chosen = offered[-2:] if len(offered) > 1 else [None, None]
    return sorted(chosen, key=lambda each: each.number) if chosen[0] else chosen


@require_safe
def advice_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What other cohorts advise this one, and what this one advises the next."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    received, given = advice_for(cohort)
    visible = set(Insight.objects.visible_to(request.user).filter(is_advice=True).values_list("pk", flat=True))
    context = {"cohort": cohort, "received": received, "given": given, "visible": visible}
    return render(request, "sensemaking/advice_list.html", context)
