"""What outputs add to pages of the cohort: the twin's outputs to its pairing, its ideas to a visit."""

import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.models import Event, Pairing
from cohorts.registry import EventPart, Panel
from cohorts.states import EventKind

from ..kinds import FED_BY_IDEAS
from ..models import Output, VisitIdea


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


def ideas_of_visit(event: Event, user) -> EventPart | None:
    """What was noted on a site visit, for whoever sees an output that grows from it. Three queries, of other events none."""
    if event.kind != EventKind.SITE_VISIT or event.pairing_id is None:
        return None
    outputs = Output.objects.visible_to(user).filter(participation=event.pairing.participation_id)
    fed = outputs.filter(kind__in=FED_BY_IDEAS).order_by("-position", "pk").first()
    if fed is None:
        return None
    ideas = VisitIdea.objects.of_participation(fed.participation_id).present().filter(event=event)
    return EventPart(
        title=_("Ideas from this visit"),
        lines=[idea.title for idea in ideas],
        empty=_("No ideas yet. One line is enough."),
        url=reverse("outputs:idea-list", args=[fed.code]) + f"?visit={event.code}",
        action=_("Note an idea"),
    )
