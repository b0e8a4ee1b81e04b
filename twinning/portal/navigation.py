"""The places of the main navigation, by what the person is in the present cohort."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from .standing import Standing


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. `views`: beginnings of the names of the views that belong to it."""

    label: str
    url: str
    glyph: str
    views: tuple[str, ...]
    is_current: bool = False

    def fits(self, view_name: str) -> int:
        """How well a view belongs here: the length of what its name has in common, 0 for not at all."""
        return max((len(start) for start in self.views if view_name.startswith(start)), default=0)


def places_for(standing: Standing, view_name: str) -> list[Place]:
    """The places in their order; the first four stand in the tab bar of a phone. The present one is marked."""
    places = list(_places(standing))
    present = max(places, key=lambda place: place.fits(view_name))
    return [replace(place, is_current=place is present and place.fits(view_name) > 0) for place in places]


def _places(standing: Standing) -> Iterator[Place]:
    yield Place(
        _("Today") if standing.is_of_platform else _("My desk"), reverse("portal:desk"), "today", ("portal:desk",)
    )
    cohort = standing.cohort
    if cohort is not None:
        places = _for_platform(standing) if standing.is_of_platform else _for_city_or_host(standing)
        yield from places
    if standing.user.steers:
        # Accounts are for administrators; coordinators invite.
        page = "people:person-list" if standing.user.is_administrator else "people:invitation-list"
        yield Place(_("People"), reverse(page), "person", ("people:person", "people:invitation"))


def _for_platform(standing: Standing) -> Iterator[Place]:
    slug = [standing.cohort.slug]
    yield Place(_("Cohort"), reverse("portal:cohort", args=slug), "cohort", ("portal:cohort", "cohorts:"))
    yield Place(_("Pairings"), reverse("cohorts:pairing-list"), "twins", ("cohorts:pairing",))
    yield Place(_("Outputs"), reverse("outputs:output-list"), "document", ("outputs:",))
    if standing.sees_cohort_whole:
        yield Place(_("Matching"), reverse("matching:run-list", args=slug), "match", ("matching:",))
    yield Place(
        _("Calendar"), reverse("cohorts:calendar", args=slug), "calendar", ("cohorts:calendar", "cohorts:event")
    )
    yield Place(_("Sensemaking"), reverse("sensemaking:session-list", args=slug), "question", ("sensemaking:",))
    if standing.sees_cohort_whole:
        yield Place(_("Letters"), reverse("mail:letter-list", args=slug), "letter", ("mail:",))


def _for_city_or_host(standing: Standing) -> Iterator[Place]:
    slug = [standing.cohort.slug]
    own = _("Our twins") if standing.acting and standing.acting.side == "host" else _("Our pairing")
    yield Place(own, reverse("cohorts:pairing-list"), "twins", ("cohorts:pairing",))
    yield Place(_("Outputs"), reverse("outputs:output-list"), "document", ("outputs:",))
    yield Place(
        _("Calendar"), reverse("cohorts:calendar", args=slug), "calendar", ("cohorts:calendar", "cohorts:event")
    )
    yield Place(_("Sensemaking"), reverse("sensemaking:session-list", args=slug), "question", ("sensemaking:",))
    yield Place(_("Cohort"), reverse("portal:cohort", args=slug), "cohort", ("portal:cohort", "cohorts:"))
