"""Lists of outputs, the reviewer's queue, and the page of one output."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts.models import Participation
from twinning.audit.selectors import history_of
from twinning.core.access import get_visible_or_404, may
from twinning.core.paging import paginate
from twinning.mail.selectors import letters_about

from ..kinds.reuse import REUSABLE
from ..models import Output
from ..pdf.engine import explain_missing
from ..quality import advice, blocking, check_content, section_state
from ..selectors.content import draft_content
from ..selectors.desk import outputs_of, participations_with_outputs, waiting_for_reviewer
from ..selectors.facts import CHECKED_WHILE, facts_of, has_facts
from ..selectors.library import origins_of
from ..selectors.peers import invitations_to_read
from ..selectors.reading import general_comments, read_content
from ..selectors.reviews import comments_for, is_being_made, reopening_of, rights_of, versions_of
from ..selectors.summary import place_names
from ..services.submitting import day_in
from ..states import WRITABLE, OutputState, Verdict


def output_or_404(request: HttpRequest, code: str) -> Output:
    """One output that the person sees: with its twin, the twin's host, and what the person is to it. One query."""
    outputs = Output.objects.with_participation().with_pairing().with_roles_of(request.user)
    return get_visible_or_404(outputs, request.user, code=code)


@require_safe
def output_list(request: HttpRequest) -> HttpResponse:
    """The outputs that a person sees, city by city; `?participation=CODE` shows one city's."""
    participation = None
    if code := request.GET.get("participation"):
        participation = get_visible_or_404(
            Participation.objects.select_related("city", "cohort"), request.user, code=code
        )
    today = timezone.localdate()
    page = paginate(request, participations_with_outputs(request.user, participation))
    groups = outputs_of(request.user, list(page), today)
    invitations = [] if participation else invitations_to_read(request.user)
    context = {
        "groups": groups,
        "page": page,
        "participation": participation,
        "invitations": invitations,
        "today": today,
    }
    return render(request, "outputs/output_list.html", context)


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """What waits for this reviewer, the longest waiting first."""
    waiting = list(waiting_for_reviewer(request.user))
    context = {"waiting": waiting, "first": waiting[0] if waiting else None, "today": timezone.localdate()}
    return render(request, "outputs/review_queue.html", context)


@require_safe
def output_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One output: what is next, its text, versions with PDFs, comments, dates, history, letters."""
    output = output_or_404(request, code)
    today = timezone.localdate()
    rights = rights_of(request.user, output)
    content = draft_content(output, language=request.LANGUAGE_CODE)
    checks = check_content(content)
    comments = comments_for(request.user, output, is_reviewer=rights.reviews)
    is_open = output.state in WRITABLE
    versions = versions_of(output)
    decision = last_decision(output, versions)
    checks_facts = bool(versions) and has_facts(output.kind) and output.state in CHECKED_WHILE
    stated = facts_of(versions[0]) if versions and not is_open else []  # of a draft nothing is checked
    context = {
        "facts_url": reverse("outputs:version-facts", args=[output.code, versions[0].number]) if stated else "",
        "checks_facts": checks_facts and may(request.user, "outputs.check_facts", output),
        "output": output,
        "rights": rights,
        "content": content,
        "host": content["host"],
        "sections": read_content(content, comments, facts=stated),
        "general_comments": general_comments(content, comments),
        "steps": section_steps(output, content, checks) if is_open else [],
        "blocking": len(blocking(checks)) if is_open else 0,
        "hints": len(advice(checks)) if is_open else 0,
        "versions": versions,
        "is_being_made": is_being_made(versions),
        "engine_missing": explain_missing() if is_being_made(versions) else "",
        "decision": decision,
        "reopening": reopening_of(output) if output.state == OutputState.SENT_BACK and not decision else None,
        "marks": list(decision.version.checklist_answers.order_by("position", "pk")) if decision else [],
        "history": history_of(output),
        "letters": letters_about(output) if rights.reviews or request.user.sees_all else None,
        "facts": date_facts(output),
        "origins": named_origins(output, content) if output.kind in REUSABLE else [],
        "today": today,
        "days_late": output.days_late(today),
        "is_cut_off": output.is_cut_off(day_in(output.participation.cohort, timezone.now())),
    }
    return render(request, "outputs/output_detail.html", context)


def section_steps(output: Output, content: dict, checks: list, current: str = "") -> list[dict]:
    """The sections for the component `steps`."""
    return [
        {
            "label": section.title,
            "url": reverse("outputs:output-section", args=[output.code, section.slug]),
            "state": section_state(content, section.slug, checks),
            "is_current": section.slug == current,
        }
        for section in output.form.sections
    ]


def named_origins(output: Output, content: dict) -> list[dict]:
    """The rows of the draft that were taken from another output, each with the name that it has now."""
    names = place_names(content)
    named = ({"origin": row, "name": names.get(f"row:{row.table}:{row.row}")} for row in origins_of(output))
    return [row for row in named if row["name"]]


def last_decision(output: Output, versions: list):
    """The decision that speaks now: the letter of what was sent back, or the acceptance."""
    verdicts = {OutputState.SENT_BACK: Verdict.SENT_BACK, OutputState.ACCEPTED: Verdict.ACCEPTED}
    for version in versions:
        decision = getattr(version, "decision", None)
        if decision is not None:
            return decision if decision.verdict == verdicts.get(output.state) else None
    return None


def date_facts(output: Output) -> list[dict]:
    """The three dates and what was granted, for the component `facts`."""
    dates = [(_("Due"), output.due_on, "")]
    if output.extended_until:
        dates.append((_("Extended until"), output.extended_until, output.extension_reason))
    if output.cut_off_on:
        dates.append((_("Cut-off"), output.cut_off_on, _("Nothing is taken for the first time after this day.")))
    facts = [
        {"label": label, "value": f"{date_format(day, 'j F Y')}{': ' + note if note else ''}"}
        for label, day, note in dates
    ]
    if output.waived_reason:
        facts.append({"label": _("Waived"), "value": output.waived_reason})
    return facts
