"""The places of the main navigation, by what the person is in the present cohort."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language
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


@dataclass(frozen=True, slots=True)
class Reader:
    """What of a standing decides the places. `cohort`: the slug, or nothing."""

    cohort: str
    is_of_platform: bool
    sees_cohort_whole: bool
    is_of_host: bool
    steers: bool
    is_administrator: bool


def places_for(standing: Standing, view_name: str) -> tuple[Place, ...]:
    """The places in their order; the first four stand in the tab bar of a phone. The present one is marked."""
    reader = Reader(
        cohort=standing.cohort.slug if standing.cohort else "",
        is_of_platform=standing.is_of_platform,
        sees_cohort_whole=standing.sees_cohort_whole,
        is_of_host=bool(standing.acting and standing.acting.side == "host"),
        steers=standing.user.steers,
        is_administrator=standing.user.is_administrator,
    )
    return _places_for(reader, view_name, get_language())


@lru_cache(maxsize=4096)
def _places_for(reader: Reader, view_name: str, language: str) -> tuple[Place, ...]:
    """In the active language, which `language` names. Every page asks, and the same places stand on most."""
    places = list(_places(reader))
    present = max(places, key=lambda place: place.fits(view_name))
    return tuple(replace(place, is_current=place is present and place.fits(view_name) > 0) for place in places)


def _places(reader: Reader) -> Iterator[Place]:
    today = _("Today") if reader.is_of_platform else _("My desk")
    yield Place(today, reverse("portal:desk"), "today", ("portal:desk",))
    if reader.cohort:
        yield from _for_platform(reader) if reader.is_of_platform else _for_city_or_host(reader)
    if reader.steers:
        # Accounts are for administrators; coordinators invite.
        page = "people:person-list" if reader.is_administrator else "people:invitation-list"
        yield Place(_("People"), reverse(page), "person", ("people:person", "people:invitation"))


def _for_platform(reader: Reader) -> Iterator[Place]:
    slug = [reader.cohort]
    yield Place(_("Cohort"), reverse("portal:cohort", args=slug), "cohort", ("portal:cohort", "cohorts:"))
    yield Place(_("Pairings"), reverse("cohorts:pairing-list"), "twins", ("cohorts:pairing",))
    yield Place(_("Outputs"), reverse("outputs:output-list"), "document", ("outputs:",))
    if reader.sees_cohort_whole:
        yield Place(_("Matching"), reverse("matching:run-list", args=slug), "match", ("matching:",))
    yield Place(
        _("Calendar"), reverse("cohorts:calendar", args=slug), "calendar", ("cohorts:calendar", "cohorts:event")
    )
    yield Place(_("Sensemaking"), reverse("sensemaking:session-list", args=slug), "question", ("sensemaking:",))
    if reader.sees_cohort_whole:
        yield Place(_("Letters"), reverse("mail:letter-list", args=slug), "letter", ("mail:",))


def _for_city_or_host(reader: Reader) -> Iterator[Place]:
    slug = [reader.cohort]
    own = _("Our twins") if reader.is_of_host else _("Our pairing")
    yield Place(own, reverse("cohorts:pairing-list"), "twins", ("cohorts:pairing",))
    yield Place(_("Outputs"), reverse("outputs:output-list"), "document", ("outputs:",))
    yield Place(
        _("Calendar"), reverse("cohorts:calendar", args=slug), "calendar", ("cohorts:calendar", "cohorts:event")
    )
    yield Place(_("Sensemaking"), reverse("sensemaking:session-list", args=slug), "question", ("sensemaking:",))
    yield Place(_("Cohort"), reverse("portal:cohort", args=slug), "cohort", ("portal:cohort", "cohorts:"))
