"""Reviewing what was submitted: reading, commenting, deciding."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.core.access import may, require
from twinning.core.asked import own_page
from twinning.core.errors import Refused

from ..forms.review import CommentForm, ReviewForm
from ..models import Comment, Output, OutputVersion
from ..quality import advice, answered, check_content
from ..selectors.comparing import compare_contents, tally
from ..selectors.content import draft_content
from ..selectors.desk import waiting_for_reviewer
from ..selectors.facts import facts_of
from ..selectors.peers import comments_of_guest, guest_invitation
from ..selectors.reading import general_comments, read_content
from ..selectors.reviews import comments_for, rights_of, versions_of
from ..selectors.summary import place_names, questions_for
from ..services.reviewing import (
    accept_output,
    comment_on_output,
    keep_review,
    latest_version,
    reopen_comment,
    send_back_output,
    solve_comment,
)
from ..states import WRITABLE, Audience
from .desk import output_or_404


@require_safe
def output_review(request: HttpRequest, code: str) -> HttpResponse:
    """The version that waits, with everything a reviewer needs to decide."""
    output = _reviewed(request, code)
    return _review_page(request, output)


def _reviewed(request: HttpRequest, code: str) -> Output:
    output = output_or_404(request, code)
    require(request.user, "outputs.review_output", output)
    return output


def _review_page(request: HttpRequest, output: Output, form: ReviewForm | None = None) -> HttpResponse:
    version = latest_version(output)
    if version is None:
        messages.info(request, _("Nothing has been submitted yet."))
        return redirect(output)
    comments = comments_for(request.user, output, is_reviewer=True)
    before = output.versions.filter(number=version.number - 1).order_by("pk").first()
    changes = compare_contents(before.content, version.content) if before else None
    following = [waiting for waiting in waiting_for_reviewer(request.user) if waiting.pk != output.pk]
    checks, facts = check_content(version.content), facts_of(version)
    context = {
        "output": output,
        "version": version,
        "versions": versions_of(output),
        "rights": rights_of(request.user, output),
        "host": version.content["host"],
        "sections": read_content(version.content, comments, changes, facts),
        "general_comments": general_comments(version.content, comments),
        "advice": advice(checks),
        "answered": answered(checks),
        "changes": changes,
        "tally": tally(changes) if changes is not None else None,
        "before": before,
        "facts": facts,
        "next": following[0] if following else None,
        "form": form or _review_form(output, version),
        "may_change_questions": may(request.user, "outputs.manage_checklists"),
        "today": timezone.localdate(),
    }
    status = 422 if form and form.errors else 200
    return render(request, "outputs/output_review.html", context, status=status)


def _review_form(output: Output, version: OutputVersion, data=None, *, needs_letter: bool = False) -> ReviewForm:
    return ReviewForm(
        data,
        questions=questions_for(output),
        answers=version.checklist_answers.order_by("position", "pk"),
        needs_letter=needs_letter,
        initial={"version": version.number},
    )


@require_POST
def review_keep(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the checklist for later."""
    return _act(request, code, _keep, _("The checklist is kept. The city reads it with your decision."))


@require_POST
def output_send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for changes, with a letter."""
    done = _("Sent back. The city's officers get your letter.")
    return _act(request, code, send_back_output, done, needs_letter=True)


@require_POST
def output_accept(request: HttpRequest, code: str) -> HttpResponse:
    """Accept the version that was read."""
    return _act(request, code, accept_output, _("Accepted. The city's officers have been told."))


def _keep(output: Output, *, letter: str, **given: object) -> Output:
    """The letter of a review that goes on is not kept: it is written with the decision."""
    keep_review(output, **given)
    return output


def _act(request: HttpRequest, code: str, act: Callable, done: str, *, needs_letter: bool = False) -> HttpResponse:
    """One button of the review: the form, the one service call, and on to the queue."""
    output = _reviewed(request, code)
    version = latest_version(output)
    if version is None:
        return _review_page(request, output)
    form = _review_form(output, version, request.POST, needs_letter=needs_letter)
    if form.is_valid():
        try:
            act(
                output,
                by=request.user,
                now=timezone.now(),
                letter=form.cleaned_data["letter"],
                version_number=form.cleaned_data["version"],
                marks=form.marks(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("outputs:output-review", code) if act is _keep else redirect("outputs:review-queue")
    return _review_page(request, output, form)


@require_http_methods(["GET", "HEAD", "POST"])
def comment_add(request: HttpRequest, code: str) -> HttpResponse:
    """A comment on the whole, on a place (`anchor`), or an answer (`parent`, the code of a comment)."""
    output = get_object_or_404(Output.objects.with_participation().open_to(request.user), code=code)
    require(request.user, "outputs.comment_output", output)
    is_reviewer = may(request.user, "outputs.review_output", output)
    invitation = guest_invitation(request.user, output)
    given = request.POST if request.method == "POST" else request.GET
    parent = None
    if given.get("parent"):
        readable = Comment.objects.for_reader(request.user, is_reviewer=is_reviewer).filter(output=output)
        readable = comments_of_guest(request.user, output) if invitation else readable
        parent = get_object_or_404(readable.select_related("parent", "author"), code=given["parent"])
    version = invitation.version if invitation else None
    back_url = version_url(version) if version else _back(request, output)
    ask_audience = is_reviewer and parent is None
    form = CommentForm(
        request.POST or None, with_audience=ask_audience, initial={"anchor": given.get("anchor", "")[:120]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            comment = comment_on_output(
                output,
                text=form.cleaned_data["text"],
                by=request.user,
                now=timezone.now(),
                anchor=form.cleaned_data["anchor"],
                audience=form.cleaned_data.get("audience") or Audience.SHARED,
                parent=parent,
                invitation=invitation,
            )
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Your comment stands beside the text."))
            return redirect(back_url + f"#comment-{(comment.parent or comment).code}")
    anchor = parent.anchor if parent else given.get("anchor", "")
    context = {
        "output": output,
        "form": form,
        "parent": parent,
        "place": place_names(version.content if version else _read_by(output)).get(anchor, ""),
        "back_url": back_url,
        "next": given.get("next", ""),
    }
    return render(request, "outputs/comment_form.html", context, status=422 if form.errors else 200)


def _comment(request: HttpRequest, code: str, comment: str) -> tuple[Output, Comment]:
    """A comment that begins a row, as far as the person reads it."""
    output = output_or_404(request, code)
    require(request.user, "outputs.comment_output", output)
    is_reviewer = may(request.user, "outputs.review_output", output)
    readable = Comment.objects.for_reader(request.user, is_reviewer=is_reviewer).filter(output=output, parent=None)
    return output, get_object_or_404(readable.select_related("author"), code=comment)


@require_http_methods(["GET", "HEAD", "POST"])
def comment_solve(request: HttpRequest, code: str, comment: str) -> HttpResponse:
    """Ask, then mark a comment as solved."""
    output, found = _comment(request, code, comment)
    if request.method == "POST":
        solve_comment(found, by=request.user, now=timezone.now())
        messages.success(request, _("Marked as solved."))
        return redirect(_back(request, output) + f"#comment-{found.code}")
    context = {"output": output, "comment": found, "back_url": _back(request, output), "reopens": False}
    return render(request, "outputs/comment_solve.html", context)


def _read_by(output: Output) -> dict:
    """The content beside which a comment is written: the version that waits, else the draft."""
    version = latest_version(output) if output.state not in WRITABLE else None
    return version.content if version else draft_content(output)


@require_http_methods(["GET", "HEAD", "POST"])
def comment_reopen(request: HttpRequest, code: str, comment: str) -> HttpResponse:
    """Ask, then take back that a comment is solved."""
    output, found = _comment(request, code, comment)
    if request.method == "POST":
        reopen_comment(found, by=request.user, now=timezone.now())
        messages.success(request, _("Open again."))
        return redirect(_back(request, output) + f"#comment-{found.code}")
    context = {"output": output, "comment": found, "back_url": _back(request, output), "reopens": True}
    return render(request, "outputs/comment_solve.html", context)


def version_url(version: OutputVersion) -> str:
    return reverse("outputs:version-detail", args=[version.output.code, version.number])


def _back(request: HttpRequest, output: Output) -> str:
    """Where the person came from, if that is one of our pages."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    if there == "review":
        return reverse("outputs:output-review", args=[output.code])
    return own_page(request, there).partition("#")[0] or output.get_absolute_url()
