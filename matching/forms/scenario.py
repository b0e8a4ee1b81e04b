from django import forms
from django.utils.translation import gettext_lazy as _

from ..engine.scoring import DEFAULT_WEIGHTS
from ..states import Objective, RunScope
from .run import RunForm


class ScenarioForm(forms.Form):
    """A new scenario; it begins with the cohort's weights."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What it tries, in a few words."))
    scope = forms.ChoiceField(
        label=_("Match"), choices=RunScope.choices, widget=forms.RadioSelect,
        help_text=_("Only a scenario over the twins without a host can be confirmed; the other asks “what if”."),
    )  # fmt: skip
    objective = forms.ChoiceField(
        label=_("Aim"), choices=Objective.choices, initial=Objective.TOTAL, widget=forms.RadioSelect
    )


class AimsForm(RunForm):
    """Weights and aim of a scenario."""

    def __init__(self, *args, weights, objective, **kwargs):
        super().__init__(*args, weights=weights, initial={"objective": objective}, **kwargs)
        for name in ("scope", "keep", "seed"):
            del self.fields[name]
        for slug in DEFAULT_WEIGHTS:
            self.fields[f"weight_{slug}"].help_text = ""

    def clean_seed(self):
        """A scenario keeps its seed."""


class DecisionForm(forms.Form):
    """Why this scenario; and, where its plan needs more places than hosts have, that these are added."""

    reason = forms.CharField(
        label=_("Why this scenario?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The decision memo will show it."),
    )  # fmt: skip
    adds_places = forms.BooleanField(
        label=_("Add these places to the hosts"),
        help_text=_("Ask them first. The journal of each host keeps your reason."),
        error_messages={"required": _("Without these places the scenario cannot be confirmed.")},
    )

    def __init__(self, *args, needs_places: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not needs_places:
            del self.fields["adds_places"]
