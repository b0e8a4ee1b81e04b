from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Hosting

from ..models import Proposal
from ..selectors.matrix import host_names, points_of

NOBODY = "-"


class ProposalForm(forms.Form):
    """Another host for one twin, with the reason. Hosts stand in the twin's order, with their points."""

    host = forms.ChoiceField(label=_("Host"))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The team and the decision memo will show it."),
    )  # fmt: skip

    def __init__(self, *args, proposal: Proposal, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        names = host_names(proposal.run)
        choices = [(slug, f"{names[slug]} ({points_of(score)})") for slug, score in proposal.ranking]
        self.fields["host"].choices = [*choices, (NOBODY, _("No host for now"))]

    @property
    def hosting(self) -> Hosting | None:
        slug = self.cleaned_data["host"]
        if slug == NOBODY:
            return None
        return Hosting.objects.in_cohort(self.proposal.run.cohort).select_related("host").get(host__slug=slug)
