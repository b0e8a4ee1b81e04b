from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Hosting, Participation, host_label

from ..models import Rule
from ..states import PAIR_RULES, TOGETHER_RULES, VALUE_RULES, GroupBy, RuleKind, Together, TraitField

WISHES = 5
QUESTIONS = {
    "twin_field": [("", _("Choose which twins")), *TraitField.choices],
    "host_field": [("", _("Choose which hosts")), *TraitField.choices],
    "together": [("", _("Choose what it means")), *Together.choices],
    "group_by": [("", _("Choose of what")), *GroupBy.choices],
}


class HostChoice(forms.ModelChoiceField):
    def label_from_instance(self, hosting):
        return host_label(hosting.host)


class TwinChoice(forms.ModelChoiceField):
    def label_from_instance(self, participation):
        return participation.city.name


def hosts_in(cohort: Cohort):
    return Hosting.objects.in_cohort(cohort).receiving().with_host().by_label()


class RuleForm(forms.ModelForm):
    """One family of rules: its kinds and the fields that they use. The service checks them."""

    kinds: tuple[str, ...] = ()

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.cohort = cohort
        self.fields["kind"].choices = [(kind, kind.label) for kind in map(RuleKind, self.kinds)]
        if len(self.kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.fields["kind"].initial = self.kinds[0]
        for name in QUESTIONS.keys() & self.fields.keys():
            self.fields[name].choices = QUESTIONS[name]
        if "participation" in self.fields:
            twins = Participation.objects.in_cohort(cohort).participating().select_related("city")
            self.fields["participation"] = TwinChoice(
                twins.order_by("city__name"), label=_("Twin"), empty_label=_("Choose a twin")
            )
        if "hosting" in self.fields:
            is_cap = self.kinds == (RuleKind.CAP,)
            label, empty = (_("At"), _("any host")) if is_cap else (_("Host"), _("Choose a host"))
            self.fields["hosting"] = HostChoice(hosts_in(cohort), label=label, required=not is_cap, empty_label=empty)

    def _get_validation_exclusions(self):
        return {field.name for field in Rule._meta.get_fields()}  # the service checks the whole rule

    def validate_constraints(self):
        """The service does."""


class PairRuleForm(RuleForm):
    kinds = PAIR_RULES

    class Meta:
        model = Rule
        fields = ["kind", "participation", "hosting", "reason"]


class ValueRuleForm(RuleForm):
    kinds = VALUE_RULES

    class Meta:
        model = Rule
        fields = ["kind", "twin_field", "twin_value", "host_field", "host_value", "reason"]


class SharingRuleForm(RuleForm):
    kinds = TOGETHER_RULES

    class Meta:
        model = Rule
        fields = ["kind", "together", "reason"]


class CapRuleForm(RuleForm):
    kinds = (RuleKind.CAP,)

    class Meta:
        model = Rule
        fields = ["kind", "most", "group_by", "hosting", "reason"]


class ReserveRuleForm(RuleForm):
    kinds = (RuleKind.RESERVE,)

    class Meta:
        model = Rule
        fields = ["kind", "participation", "reason"]


RULE_FORMS = {
    "pair": PairRuleForm,
    "value": ValueRuleForm,
    "sharing": SharingRuleForm,
    "cap": CapRuleForm,
    "reserve": ReserveRuleForm,
}


class WishesForm(forms.Form):
    """Up to five hosts in the order of the wishes, each with what the twin says in favour of it."""

    def __init__(self, *args, participation: Participation, **kwargs):
        super().__init__(*args, **kwargs)
        hosts = list(hosts_in(participation.cohort))
        choices = [("", _("no wish")), *((str(hosting.pk), host_label(hosting.host)) for hosting in hosts)]
        self.hostings = {str(hosting.pk): hosting for hosting in hosts}
        present = list(participation.wishes.order_by("rank"))
        for rank in range(1, max(WISHES, len(present)) + 1):
            wish = present[rank - 1] if rank <= len(present) else None
            self.fields[f"host_{rank}"] = forms.ChoiceField(
                label=_("Wish %(rank)s") % {"rank": rank}, choices=choices, required=False,
                initial=str(wish.hosting_id) if wish else "",
            )  # fmt: skip
            self.fields[f"evidence_{rank}"] = forms.CharField(
                label=_("What it says in favour of wish %(rank)s") % {"rank": rank}, max_length=500, required=False,
                initial=wish.evidence if wish else "",
            )  # fmt: skip

    @property
    def wishes(self):
        ranks = [name.removeprefix("host_") for name in self.fields if name.startswith("host_")]
        return [
            (self.hostings[self.cleaned_data[f"host_{rank}"]], self.cleaned_data[f"evidence_{rank}"])
            for rank in ranks
            if self.cleaned_data[f"host_{rank}"]
        ]
