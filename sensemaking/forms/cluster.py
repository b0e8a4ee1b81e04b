"""A cluster: its name, its hosts and twins."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Hosting, Participation

from ..models import Cluster


class ClusterForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    hostings = forms.ModelMultipleChoiceField(
        Hosting.objects.none(), label=_("Hosts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    participations = forms.ModelMultipleChoiceField(
        Participation.objects.none(), label=_("Twins"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, cohort: Cohort, cluster: Cluster | None = None, **kwargs):
        initial = {}
        if cluster is not None:
            members = cluster.members.order_by("pk").values_list("hosting", "participation")
            initial = {
                "name": cluster.name,
                "hostings": [hosting for hosting, _twin in members if hosting],
                "participations": [twin for _hosting, twin in members if twin],
            }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["hostings"].queryset = Hosting.objects.in_cohort(cohort).with_host().by_label()
        twins = Participation.objects.in_cohort(cohort).participating().select_related("city")
        self.fields["participations"].queryset = twins.order_by("city__name", "pk")
