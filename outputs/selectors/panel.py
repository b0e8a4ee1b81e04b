"""The twin's outputs on the page of its pairing."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.models import Pairing
from cohorts.registry import Panel

from ..models import Output


def outputs_panel(pairing: Pairing, user, *, today: datetime.date) -> Panel | None:
    """The outputs of the pairing's twin that `user` sees, in the programme's order; None where there is none. One query."""
    outputs = Output.objects.visible_to(user).filter(participation=pairing.participation_id).order_by("position", "pk")
    rungs = [
        {
            "title": output.label,
            "state": output.state,
            "days_late": output.days_late(today),
            "detail": _("due %(day)s") % {"day": date_format(output.due, "j F Y")},
            "url": output.get_absolute_url(),
            "action": _("Open"),
        }
        for output in outputs
    ]
    return Panel(_("Outputs of the twin"), rungs) if rungs else None
