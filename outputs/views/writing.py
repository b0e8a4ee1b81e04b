"""Writing a draft: one page for each section, saved field by field with script and as a whole without."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twinning.core.access import get_visible_or_404, require
from twinning.core.errors import Conflict, Refused

from ..kinds import Part, Section
from ..models import Output
from ..quality import count_words
from ..selectors.places import TWIN_WRITES, permission_of
from ..selectors.reviews import Rights, rights_of
from ..services.drafting import Theirs, save_locked, save_place
from ..services.presence import note_presence
from ..states import WRITABLE
from .desk import output_or_404
from .section_page import Written, neighbour_url, section_page


@require_http_methods(["GET", "HEAD", "POST"])
def output_section(request: HttpRequest, code: str, section: str) -> HttpResponse:
    """Write one section. A POST saves every field that was changed and goes on to the next section."""
    output, form_section, rights = writable_section(request, code, section)
    if output.state not in WRITABLE:
        messages.info(request, _("%(output)s cannot be changed now.") % {"output": output.label})
        return redirect(output)
    written = Written()
    if request.method == "POST":
        written = save_posted(request, output)
        if written.is_saved:
            return redirect(neighbour_url(output, form_section, 1))
    return section_page(request, output, form_section, written, rights=rights)


def writable_section(request: HttpRequest, code: str, slug: str) -> tuple[Output, Section, Rights]:
    """An output, a section of it and what the person may do there, where they may write or check."""
    output = output_or_404(request, code)
    section = output.form.section(slug)
    if section is None:
        raise Http404
    rights = rights_of(request.user, output)
    may_open = rights.writes or rights.writes_host_part or (section.part == Part.CHECK and rights.reviews)
    if not may_open:
        raise PermissionDenied
    return output, section, rights


# --- Saving ---------------------------------------------------------------------------------------------------------


def save_posted(request: HttpRequest, output: Output) -> Written:
    """Save every place of a posted form whose text is no longer the one that the writer had started from."""
    written = Written()
    bases = [key.removeprefix("base:") for key in request.POST if key.startswith("base:")]
    now = timezone.now()
    for name in bases:
        text = ",".join(request.POST.getlist(name))
        base = request.POST[f"base:{name}"]
        if text.replace("\r\n", "\n") == base.replace("\r\n", "\n"):
            continue
        try:
            require(request.user, permission_of(output, name), output)
            save_place(output, name, text=text, base=base, by=request.user, now=now)
        except LookupError:
            written.homeless.append(text)
        except Conflict as conflict:
            written.conflicts[name] = (conflict.theirs, text)
        except Refused as refusal:
            written.refused[name] = (str(refusal), text)
    return written


@require_POST
def output_presence(request: HttpRequest, code: str, section: str) -> JsonResponse:
    """A sign of life from a writing page, answered with who else is writing: {"others": sentences}."""
    output, form_section, _rights = writable_section(request, code, section)
    others = note_presence(output, section=form_section.slug, by=request.user, now=timezone.now())
    return JsonResponse({"others": [_presence_in_words(output, each) for each in others]})


def _presence_in_words(output: Output, other: dict[str, str]) -> str:
    section = output.form.section(other["section"])
    return _("%(name)s is writing too: %(section)s") % {
        "name": other["name"],
        "section": section.title if section else "",
    }


@require_POST
def output_autosave(request: HttpRequest, code: str) -> JsonResponse:
    """Save one place: `place`, `text` and `base`, the text that the writer had started from. Answers JSON.

    200 saved; 409 somebody else was faster (`theirs`); 410 the place is gone; 422 refused with a reason.
    """
    name, text, base = (request.POST.get(key, "") for key in ("place", "text", "base"))
    now = timezone.now()
    try:
        with transaction.atomic():
            output = _lock_to_write(request.user, code, name)
            place = save_locked(output, name, text=text, base=base, by=request.user, now=now)
    except LookupError:
        message = _("This part was removed by somebody else. Your text is kept on this device.")
        return JsonResponse({"state": "gone", "message": message}, status=410)
    except Conflict as conflict:
        theirs: Theirs = conflict.theirs
        answer = {
            "state": "conflict",
            "message": str(conflict),
            "theirs": theirs.text,
            "by": theirs.by,
            "at": _clock(theirs.at) if theirs.at else "",
        }
        return JsonResponse(answer, status=409)
    except Refused as refusal:
        return JsonResponse({"state": "refused", "message": str(refusal)}, status=422)
    saved = _("Saved at %(time)s. Your colleagues see it too.") % {"time": _clock(now)}
    return JsonResponse({"state": "saved", "message": saved, "value": place.value, "words": count_words(place.value)})


def _lock_to_write(user, code: str, name: str) -> Output:
    """The output of which this person may write that place, locked.

    Texts are saved every few seconds, nearly always by an officer in the city's own part: one query sees, allows and locks.
    """
    locked = Output.objects.select_for_update(of=("self",))
    output = next(iter(locked.of_officer(user).filter(code=code)), None)  # a code is unique: no order, no limit
    is_allowed = output is not None and permission_of(output, name) == TWIN_WRITES
    if output is None:
        output = get_visible_or_404(locked.with_roles_of(user), user, code=code)
    if not is_allowed:
        require(user, permission_of(output, name), output)
    return output


def _clock(moment) -> str:
    local = timezone.localtime(moment)
    return f"{date_format(local, 'H:i')} {local.tzname()}"
