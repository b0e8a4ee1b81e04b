"""What the shell around every page needs: the places, where one is, and what must be said above everything."""

import json

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .navigation import places_for
from .standing import Standing, standing_of


def shell(request: HttpRequest) -> dict:
    """Nothing for those who have not signed in. See `standing_of` for its queries."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav_items": [], "demo_logins": _demo_logins()}
    standing = standing_of(request)
    match = request.resolver_match
    return {
        "standing": standing,
        "nav_items": places_for(standing, match.view_name if match else ""),
        "where": _where(standing),
        "demo_notice": _demo_notice(standing),
    }


def _where(standing: Standing) -> dict[str, str] | None:
    """The city or cohort that the pages are about; a link where the person can choose another."""
    if standing.cohort is None:
        return None
    if standing.acting:
        has_choice, label = len(standing.options) > 1, standing.acting.name
        return {"label": label, "url": reverse("cohorts:act-for") if has_choice else ""}
    has_choice, label = len(standing.cohorts) > 1, short_title(standing.cohort.title)
    return {"label": label, "url": reverse("cohorts:cohort-list") if has_choice else ""}


def short_title(title: str) -> str:
    """ "Twinning Learning Programme, cohort 1" -> "Cohort 1": what fits beside the brand."""
    words = title.rsplit(", ", 1)[-1]
    return words[:1].upper() + words[1:]


def _demo_logins() -> list[dict[str, str]]:
    """Role, address and password of the demo's people for the sign-in page; nothing outside the demo."""
    path = settings.VAR_DIR / "demo-logins.json"
    if not settings.DEMO or not path.exists():
        return []
    return [{"role": role, **login} for role, login in json.loads(path.read_text(encoding="utf-8")).items()]


def _demo_notice(standing: Standing) -> str:
    if standing.cohort is None or not standing.cohort.is_demo:
        return ""
    return _(
        "A demo: cities, hosts and pairings are published facts, with their source. Dates are shifted, and people, texts and states are "
        "invented; invented texts are marked “%(mark)s”."
    ) % {"mark": pgettext("mark", "example")}
