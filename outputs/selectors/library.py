"""Reads for the library."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from cohorts.models import Term

from ..kinds.reuse import REUSABLE
from ..models import LibraryEntry, Output, OutputVersion, RowOrigin
from ..states import WRITABLE


def library_for(user) -> QuerySet[LibraryEntry]:
    """The entries that the person may find, the newest first; `is_open` says whether the whole version may be read."""
    own = OutputVersion.objects.in_library_for(user).filter(pk=OuterRef("version"))
    return (
        LibraryEntry.objects.visible_to(user)
        .annotate(is_open=Exists(own))
        .select_related(
            "output__participation__city", "output__participation__cohort", "output__publication", "version"
        )
        .defer("search_text", "version__content")
        .prefetch_related(Prefetch("terms", Term.objects.order_by("position", "pk")))
        .order_by("-entered_at", "-pk")
    )


def drafts_to_fill(user, version: OutputVersion) -> QuerySet[Output]:
    """The person's own outputs of the same kind that can take rows of this version."""
    if version.output.kind not in REUSABLE:
        return Output.objects.none()
    return (
        Output.objects.filter(
            kind=version.output.kind,
            state__in=WRITABLE,
            participation__memberships__user=user,
            participation__memberships__ended_at=None,
        )
        .exclude(pk=version.output_id)
        .with_participation()
        .order_by("-participation__cohort__kickoff_on", "pk")
    )


def origins_of(output: Output) -> list[RowOrigin]:
    """Where rows of this output were taken from, oldest first. One query."""
    rows = output.row_origins.select_related("source__output__participation__city", "taken_by")
    return list(rows.defer("source__content").order_by("taken_at", "pk"))
