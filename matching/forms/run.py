from django import forms
from django.utils.translation import gettext_lazy as _

from ..engine.scoring import DEFAULT_WEIGHTS
from ..selectors.criteria import CRITERION_HELP, CRITERION_LABELS
from ..states import Objective, RunScope

WEIGHTS_IN_WORDS = frozenset(str(weight) for weight in range(101))


class RunForm(forms.Form):
    """What to match and what counts. One field `weight_<criterion>` for each criterion of the engine."""

    scope = forms.ChoiceField(
        label=_("Match"), choices=RunScope.choices, initial=RunScope.OPEN, widget=forms.RadioSelect,
        help_text=_("Only a run over the twins without a host can be confirmed; the other asks “what if”."),
    )  # fmt: skip
    objective = forms.ChoiceField(
        label=_("Aim"), choices=Objective.choices, initial=Objective.TOTAL, widget=forms.RadioSelect,
        help_text=_("Either way as many twins as possible get a host."),
    )  # fmt: skip
    keep = forms.BooleanField(
        label=_("Keep these weights for the next runs of this cohort"), required=False, initial=True
    )
    seed = forms.CharField(
        label=_("Seed"), max_length=40, initial="0", required=False,
        help_text=_("Decides between plans of equal value. The same seed gives the same plan."),
    )  # fmt: skip

    def __init__(self, *args, weights, **kwargs):
        super().__init__(*args, **kwargs)
        for slug in DEFAULT_WEIGHTS:
            self.fields[f"weight_{slug}"] = forms.IntegerField(
                label=CRITERION_LABELS[slug],
                help_text=CRITERION_HELP[slug],
                min_value=0,
                max_value=100,
                initial=weights[slug],
            )

    @property
    def weight_fields(self):
        return [self[f"weight_{slug}"] for slug in DEFAULT_WEIGHTS]

    @property
    def weights(self) -> dict[str, int]:
        return {slug: self.cleaned_data[f"weight_{slug}"] for slug in DEFAULT_WEIGHTS}

    def clean_seed(self):
        return self.cleaned_data["seed"].strip() or "0"

    def clean(self):
        cleaned = super().clean()
        given = [cleaned.get(f"weight_{slug}") for slug in DEFAULT_WEIGHTS]
        if all(weight == 0 for weight in given):
            self.add_error(None, _("Give at least one criterion a weight above zero."))
        return cleaned


def weights_asked(data, weights: dict[str, int]) -> dict[str, int]:
    """The weights that an address asks the form to begin with (`?weight_text=40`); what makes no sense is left as it is."""
    asked = {slug: data.get(f"weight_{slug}", "") for slug in weights}
    return {slug: int(asked[slug]) if asked[slug] in WEIGHTS_IN_WORDS else weight for slug, weight in weights.items()}
