"""Frozen versions to read, and any two of them side by side."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from twinning.core.access import get_visible_or_404, may, require
from twinning.core.errors import Refused

from ..forms.comparing import DRAFT, CompareForm
from ..models import Output, OutputVersion
from ..selectors.comparing import FRAME, compare_contents, tally
from ..selectors.content import draft_content
from ..selectors.facts import facts_of
from ..selectors.library import drafts_to_fill
from ..selectors.peers import comments_of_guest, guest_invitation
from ..selectors.places import HOST_WRITES, TWIN_WRITES
from ..selectors.reading import general_comments, read_content
from ..selectors.reviews import comments_for, in_rows, rights_of, versions_of
from ..selectors.summary import place_names
from ..services.restoring import restore_version
from .desk import output_or_404

MOST_NAMED = 10


def version_or_404(request: HttpRequest, code: str, number: int) -> OutputVersion:
    people = OutputVersion.objects.select_related(
        "submitted_by", "output__participation__city", "output__participation__cohort"
    )
    return get_visible_or_404(people, request.user, output__code=code, number=number)


@require_safe
def version_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One frozen version with the comments beside it. Guests and readers of the library see this page alone."""
    version = version_or_404(request, code, number)
    output, user = version.output, request.user
    rights = rights_of(user, output)
    sees_output = Output.objects.visible_to(user).filter(pk=output.pk).exists()
    invitation = None if sees_output else guest_invitation(user, output)
    if sees_output:
        comments = comments_for(user, output, is_reviewer=rights.reviews)
    else:
        comments = in_rows(comments_of_guest(user, output))
    facts = facts_of(version) if sees_output else []
    is_guest = invitation is not None and invitation.version_id == version.pk
    context = {
        "sees_output": sees_output,
        "can_reuse": drafts_to_fill(user, version).exists(),
        "can_restore": rights.writes and rights.can_write,
        "invitation": invitation if is_guest else None,
        "can_comment": rights.can_comment or is_guest,
        "can_add": rights.is_reader_who_comments or is_guest,
        "can_invite": sees_output and may(user, "outputs.invite_peer", output),
        "facts": facts,
        "output": output,
        "version": version,
        "rights": rights,
        "host": version.content["host"],
        "sections": read_content(version.content, comments, facts=facts),
        "general_comments": general_comments(version.content, comments),
    }
    return render(request, "outputs/version_detail.html", context)


@require_safe
def version_compare(request: HttpRequest, code: str) -> HttpResponse:
    """Any two versions, or one and the present draft: `?before=1&after=draft`. At first the last two of them."""
    output = output_or_404(request, code)
    versions = versions_of(output)
    form = CompareForm(request.GET or None, versions=versions)
    context = {"output": output, "versions": versions, "form": form, "difference": None}
    chosen = form.chosen()
    if chosen:
        before, after = (_content(request, output, which) for which in chosen)
        context["difference"] = difference = compare_contents(before, after)
        context |= {"tally": tally(difference), "before": form.label(chosen[0]), "after": form.label(chosen[1])}
    return render(request, "outputs/version_compare.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def version_restore(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what would change in the draft, then bring the version back."""
    output = output_or_404(request, code)
    require(request.user, "outputs.write_output", output)
    version = get_object_or_404(output.versions, number=number)
    rights = rights_of(request.user, output)
    if not rights.can_write:
        messages.error(request, _("This can be changed again when it is sent back or reopened."))
        return redirect(output)
    if request.method == "POST":
        permissions = {TWIN_WRITES, HOST_WRITES} if rights.writes_host_part else {TWIN_WRITES}
        try:
            left = restore_version(version, by=request.user, now=timezone.now(), permissions=permissions)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(output)
        messages.success(request, _("Version %(number)d stands in the draft.") % {"number": number})
        if left:
            names = place_names(version.content)
            places = ", ".join(names.get(name, name) for name in left[:MOST_NAMED])
            messages.warning(request, _("What could not be brought back: %(places)s") % {"places": places})
        return redirect(output)
    difference = compare_contents(draft_content(output, language=request.LANGUAGE_CODE), version.content)
    difference = difference.without(FRAME)  # what stands around the text is not written here
    context = {"output": output, "version": version, "difference": difference, "tally": tally(difference)}
    return render(request, "outputs/version_restore.html", context | {"rights": rights})


def _content(request: HttpRequest, output: Output, which: str) -> dict:
    if which == DRAFT:
        return draft_content(output, language=request.LANGUAGE_CODE)
    return get_object_or_404(output.versions, number=which).content
