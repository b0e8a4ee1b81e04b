"""Reviewing what was submitted: reading, commenting, deciding."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.core.access import get_visible_or_404, may, require
from twinning.core.errors import Refused

from ..forms.review import AcceptForm, CommentForm, SendBackForm
from ..models import Comment, Output
from ..quality import advice, check_content
from ..selectors.comparing import compare_contents, tally
from ..selectors.desk import waiting_for_reviewer
from ..selectors.reading import general_comments, read_content
from ..selectors.reviews import comments_for, rights_of, versions_of
from ..services.reviewing import (
    accept_output,
    comment_on_output,
    latest_version,
    send_back_output,
    solve_comment,
)
from ..states import Audience


@require_safe
def output_review(request: HttpRequest, code: str) -> HttpResponse:
    """The version that waits, with everything a reviewer needs to decide."""
    output = _reviewed(request, code)
    return _review_page(request, output)


def _reviewed(request: HttpRequest, code: str) -> Output:
    output = get_visible_or_404(Output.objects.with_participation(), request.user, code=code)
    require(request.user, "outputs.review_output", output)
    return output


def _review_page(
    request: HttpRequest,
    output: Output,
    *,
    send_back_form: SendBackForm | None = None,
    accept_form: AcceptForm | None = None,
) -> HttpResponse:
    version = latest_version(output)
    if version is None:
        messages.info(request, _("Nothing has been submitted yet."))
        return redirect(output)
    comments = comments_for(request.user, output, is_reviewer=True)
    versions = versions_of(output)
    before = output.versions.filter(number=version.number - 1).order_by("pk").first()
    changes = compare_contents(before.content, version.content) if before else None
    following = [waiting for waiting in waiting_for_reviewer(request.user) if waiting.pk != output.pk]
    failed = bool((send_back_form and send_back_form.errors) or (accept_form and accept_form.errors))
    context = {
        "output": output,
        "version": version,
        "versions": versions,
        "rights": rights_of(request.user, output),
        "host": version.content["host"],
        "sections": read_content(version.content, comments),
        "general_comments": general_comments(version.content, comments),
        "advice": advice(check_content(version.content)),
        "changes": changes,
        "tally": tally(changes) if changes is not None else None,
        "before": before,
        "next": following[0] if following else None,
        "waiting_count": len(following),
        "form": send_back_form or SendBackForm(initial={"version": version.number}),
        "accept_form": accept_form or AcceptForm(initial={"version": version.number}, prefix="accept"),
        "today": timezone.localdate(),
    }
    return render(request, "outputs/output_review.html", context, status=422 if failed else 200)


@require_POST
def output_send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for changes, with a letter."""
    output = _reviewed(request, code)
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            send_back_output(
                output,
                by=request.user,
                now=timezone.now(),
                letter=form.cleaned_data["letter"],
                version_number=form.cleaned_data["version"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Sent back. The city's officers get your letter."))
            return redirect("outputs:review-queue")
    return _review_page(request, output, send_back_form=form)


@require_POST
def output_accept(request: HttpRequest, code: str) -> HttpResponse:
    """Accept the version that was read."""
    output = _reviewed(request, code)
    form = AcceptForm(request.POST, prefix="accept")
    if form.is_valid():
        try:
            accept_output(
                output,
                by=request.user,
                now=timezone.now(),
                letter=form.cleaned_data["letter"],
                version_number=form.cleaned_data["version"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Accepted. The city's officers have been told."))
            return redirect("outputs:review-queue")
    return _review_page(request, output, accept_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def comment_add(request: HttpRequest, code: str) -> HttpResponse:
    """A comment on the whole, on a place (`anchor`), or an answer (`parent`, the code of a comment)."""
    output = get_visible_or_404(Output.objects.with_participation(), request.user, code=code)
    require(request.user, "outputs.comment_output", output)
    is_reviewer = may(request.user, "outputs.review_output", output)
    given = request.POST if request.method == "POST" else request.GET
    parent = None
    if given.get("parent"):
        readable = Comment.objects.for_reader(request.user, is_reviewer=is_reviewer).filter(output=output)
        parent = get_object_or_404(readable.select_related("parent", "author"), code=given["parent"])
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
            )
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Your comment stands beside the text."))
            return redirect(_back(request, output) + f"#comment-{(comment.parent or comment).code}")
    context = {
        "output": output,
        "form": form,
        "parent": parent,
        "back_url": _back(request, output),
        "next": given.get("next", ""),
    }
    return render(request, "outputs/comment_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def comment_solve(request: HttpRequest, code: str, comment: str) -> HttpResponse:
    """Ask, then mark a comment as solved."""
    output = get_visible_or_404(Output.objects.with_participation(), request.user, code=code)
    require(request.user, "outputs.comment_output", output)
    is_reviewer = may(request.user, "outputs.review_output", output)
    readable = Comment.objects.for_reader(request.user, is_reviewer=is_reviewer).filter(output=output, parent=None)
    found = get_object_or_404(readable.select_related("author"), code=comment)
    if request.method == "POST":
        solve_comment(found, by=request.user, now=timezone.now())
        messages.success(request, _("Marked as solved."))
        return redirect(_back(request, output) + f"#comment-{found.code}")
    context = {"output": output, "comment": found, "back_url": _back(request, output)}
    return render(request, "outputs/comment_solve.html", context)


def _back(request: HttpRequest, output: Output) -> str:
    """Where the person came from, if that is one of our pages."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    if there == "review":
        return reverse("outputs:output-review", args=[output.code])
    if there and url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        return there.partition("#")[0]
    return output.get_absolute_url()
