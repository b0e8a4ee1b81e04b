"""Handing in: what is submitted is frozen, and the city cannot change it until it is sent back."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.models import Cohort, FacilitatorAssignment, HostContact
from cohorts.states import OPEN_PAIRING, PARTICIPATING, PairingState
from twinning.audit.services import record
from twinning.core.errors import Refused
from twinning.mail.services import queue_mail

from ..models import Output, OutputVersion
from ..quality import Check, blocking, check_content
from ..selectors.content import draft_content, fingerprint
from ..selectors.facts import facts_of
from ..states import OUTPUT_MOVES
from .documents import queue_document
from .drafting import lock_output


class NotReady(Refused):
    """The quality rules find something that must be solved first: `checks` say what and where."""

    def __init__(self, checks: Sequence[Check]) -> None:
        super().__init__(_("This cannot be submitted yet."))
        self.checks = list(checks)


def day_in(cohort: Cohort, now: datetime) -> date:
    """The date in the cohort's zone: due dates and cut-offs are meant there."""
    return now.astimezone(ZoneInfo(cohort.time_zone)).date()


@transaction.atomic
def submit_output(
    output: Output, *, by, now: datetime, language: str = "", message: str = "", on_behalf: bool = False
) -> OutputVersion:
    """Freeze the draft as the next version and hand it to the facilitators.

    Also journals it, writes to the assigned facilitators, asks the host to check facts about it and queues the PDF. `on_behalf`: somebody else than the city's
    officers submits; page, journal and version say so. Raises `NotReady`, `TransitionRefused`, and `Refused` after the
    cut-off (which stops first submissions alone: what was sent back may always come back).
    """
    output = lock_output(output)
    target = OUTPUT_MOVES.target("submit", state=output.state)
    _refuse_late(output, now)
    content = draft_content(output, language=language or by.language)
    errors = blocking(check_content(content))
    if errors:
        raise NotReady(errors)
    city = output.participation.city.name if on_behalf else ""
    version = OutputVersion.objects.create(
        output=output,
        number=output.versions.count() + 1,
        content=content,
        content_hash=fingerprint(content),
        language=content["language"],
        submitted_at=now,
        submitted_by=by,
        on_behalf_of=city,
        message=message.strip(),
    )
    output.state, output.submitted_at = target, now
    output.full_clean(exclude=["code"])
    output.save(update_fields=["state", "submitted_at", "updated_at"])
    record(output, "outputs.output.submitted", by=by, at=now, on_behalf_of=city, data={"version": version.number})
    for person in facilitators_of(output):
        if person.pk != by.pk:
            tell(person, "output_submitted", output, now=now, version=version, by=by)
    if any(fact.check is None for fact in facts_of(version)):
        for person in hosts_of(output):
            tell(person, "facts_asked", output, now=now, version=version)
    queue_document(version, now=now)
    return version


def _refuse_late(output: Output, now: datetime) -> None:
    cohort = output.participation.cohort
    if output.participation.state not in PARTICIPATING:
        raise Refused(_("%(city)s no longer takes part.") % {"city": output.participation.city})
    if output.is_cut_off(day_in(cohort, now)):
        raise Refused(
            _("The cut-off was on %(day)s; nothing more is taken. Ask your facilitator for an extension.")
            % {"day": date_format(output.last_day, "j F Y")}
        )


def facilitators_of(output: Output) -> list:
    """Those assigned to the open pairing of the output's twin, each once."""
    rows = (
        FacilitatorAssignment.objects.current()
        .filter(pairing__participation=output.participation_id, pairing__state__in=OPEN_PAIRING, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return list({row.user_id: row.user for row in rows}.values())


def hosts_of(output: Output) -> list:
    """Those who speak now for the host to whom the output's twin is paired, announced."""
    rows = (
        HostContact.objects.current()
        .filter(
            hosting__pairings__participation=output.participation_id,
            hosting__pairings__state=PairingState.ANNOUNCED,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("pk")
    )
    return list({row.user_id: row.user for row in rows}.values())


def officers_of(output: Output) -> list:
    """Those who write for the output's city now."""
    rows = output.participation.memberships.current().filter(user__is_active=True).select_related("user").order_by("pk")
    return [row.user for row in rows]


def tell(person, kind: str, output: Output, *, now: datetime, once_key: str | None = None, **context: object) -> None:
    queue_mail(
        kind,
        to=person,
        about=output,
        now=now,
        cohort_slug=output.participation.cohort.slug,
        context={"output": output, **context},
        once_key=once_key,
    )
