"""Deciding about a pairing: why it ends, which host comes next, who accompanies it."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from twinning.people.models import User

from ..models import Hosting, Pairing, host_label
from ..selectors.facilitators import facilitators_with_load
from ..selectors.pairings import hostings_with_room


class ReasonForm(forms.Form):
    """Anything that needs a reason before it is done."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence. It stands in the history, and both sides may read it."),
    )


class EndForm(ReasonForm):
    pass


class HostingChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Hosting) -> str:
        free = obj.capacity_maximum - obj.open_pairings
        said = ngettext("%(count)d place free", "%(count)d places free", free) % {"count": free}
        return f"{host_label(obj.host)} ({said})"


class RematchForm(ReasonForm):
    """Another host for the twin, among those of the cohort that have room."""

    hosting = HostingChoiceField(
        label=_("New host"),
        queryset=Hosting.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a host with room"),
    )
    field_order = ("hosting", "reason")

    def __init__(self, *args: object, pairing: Pairing, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hosting"].queryset = hostings_with_room(pairing.participation.cohort, besides=pairing)


class FacilitatorChoiceField(forms.ModelChoiceField):
    most = 6

    def label_from_instance(self, obj: User) -> str:
        words = {"name": obj.get_full_name(), "load": obj.load}
        if obj.load >= self.most:
            return _now("%(name)s (%(load)d pairings, full)") % words
        return ngettext("%(name)s (%(load)d pairing)", "%(name)s (%(load)d pairings)", obj.load) % words


class AssignmentForm(forms.Form):
    facilitator = FacilitatorChoiceField(
        label=_("Facilitator"),
        queryset=User.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a facilitator"),
    )
    is_lead = forms.BooleanField(
        label=_("Leads"),
        required=False,
        initial=True,
        help_text=_("There is one lead. The lead of before is released; without the tick this person helps."),
    )

    def __init__(self, *args: object, pairing: Pairing, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        present = pairing.assignments.current().values("user")
        self.fields["facilitator"].most = pairing.participation.cohort.facilitator_load
        self.fields["facilitator"].queryset = facilitators_with_load().exclude(pk__in=present)
