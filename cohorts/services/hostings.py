"""A host's place in a cohort: how many twins it takes, and what happens when it withdraws."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Cohort, Host, Hosting, Pairing, host_label


@transaction.atomic
def add_hosting(cohort: Cohort, *, host: Host, fewest: int, most: int, by, now: datetime) -> Hosting:
    """A host of the register joins a cohort. Journals it. Refused where it is in the cohort already."""
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    if Hosting.objects.in_cohort(cohort).filter(host=host).exists():
        raise Refused(_("%(host)s is in this cohort already.") % {"host": host_label(host)})
    hosting = Hosting(cohort=cohort, host=host, capacity_minimum=fewest, capacity_maximum=most)
    hosting.full_clean()
    hosting.save()
    record(hosting, "cohorts.hosting.added", by=by, at=now, data={"cohort": str(cohort)})
    return hosting


@transaction.atomic
def change_capacity(hosting: Hosting, *, fewest: int, most: int, by, now: datetime) -> Hosting:
    """Say how many twins the host takes. Journals it. Refused below the number of twins that it has."""
    hosting = Hosting.objects.select_for_update(of=("self",)).select_related("host").get(pk=hosting.pk)
    present = hosting.pairings.open().count()
    if most < present:
        raise Refused(
            ngettext(
                "The host has %(count)d twin already. End that pairing before you lower the number.",
                "The host has %(count)d twins already. End a pairing before you lower the number.",
                present,
            )
            % {"count": present}
        )
    hosting.capacity_minimum, hosting.capacity_maximum = fewest, most
    hosting.full_clean()
    hosting.save(update_fields=["capacity_minimum", "capacity_maximum", "updated_at"])
    said = _("%(fewest)d to %(most)d twins") % {"fewest": fewest, "most": most}
    record(hosting, "cohorts.hosting.changed", by=by, at=now, data={"fields": said})
    return hosting


@transaction.atomic
def withdraw_hosting(hosting: Hosting, *, by, now: datetime, reason: str, on: date | None = None) -> list[Pairing]:
    """The host leaves the cohort. Journals it and returns its open pairings: each of these twins needs a new host.

    The pairings are not ended here, because each is re-matched with its own reason and day.
    """
    hosting = Hosting.objects.select_for_update(of=("self",)).select_related("host").get(pk=hosting.pk)
    if hosting.withdrawn_on:
        raise Refused(_("%(host)s has withdrawn already.") % {"host": hosting})
    if not reason.strip():
        raise Refused(_("Say why the host leaves."))
    if on and on > timezone.localdate(now):
        raise Refused(_("The day lies in the future."))
    hosting.withdrawn_on, hosting.withdrawn_reason = on or timezone.localdate(now), reason.strip()
    hosting.save(update_fields=["withdrawn_on", "withdrawn_reason", "updated_at"])
    record(hosting, "cohorts.hosting.withdrawn", by=by, at=now, data={"reason": hosting.withdrawn_reason})
    return list(hosting.pairings.open().with_sides().order_by("participation__city__name", "pk"))


@transaction.atomic
def readmit_hosting(hosting: Hosting, *, by, now: datetime) -> Hosting:
    """A host that had withdrawn takes twins again. Journals it."""
    hosting = Hosting.objects.select_for_update(of=("self",)).select_related("host").get(pk=hosting.pk)
    if not hosting.withdrawn_on:
        raise Refused(_("%(host)s has not withdrawn.") % {"host": hosting})
    hosting.withdrawn_on, hosting.withdrawn_reason = None, ""
    hosting.save(update_fields=["withdrawn_on", "withdrawn_reason", "updated_at"])
    record(hosting, "cohorts.hosting.readmitted", by=by, at=now)
    return hosting
