"""How far apart twins and hosts of a cohort should be, one row for each dimension."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..engine.types import DEFAULT_BANDS, Band
from ..selectors.criteria import SIGNED
from ..selectors.reasons import DIMENSIONS

LIMITS = {"centre": (0, 100), "width": (0, 200), "weight": (0, 10)}
LABELS = {"centre": _("Best distance"), "width": _("Width of the band"), "weight": _("Weight")}

# What a distance of 100 means, as the engine measures it.
FARTHEST = {
    "size": _("twenty times as large; twice as large is 23"),
    "kind": _("another kind"),
    "climate": _("another main group of Köppen; 33 and 67 lie between"),
    "legal": _("nothing in common"),
    "competences": _("nothing in common; 50 is half of what either has"),
    "language": _("no language in common"),
    "maturity": _("the host is five stages ahead; below 0 it is behind"),
    "target_year": _("25 years"),
}


class BandsForm(forms.Form):
    """One field `<dimension>_<what>` for each number of each band."""

    def __init__(self, *args, bands: tuple[Band, ...], **kwargs):
        super().__init__(*args, **kwargs)
        for band in bands:
            for what, (low, high) in LIMITS.items():
                least = -100 if what == "centre" and band.dimension in SIGNED else low
                label = f"{DIMENSIONS[band.dimension]}: {LABELS[what]}"
                self.fields[f"{band.dimension}_{what}"] = forms.IntegerField(
                    label=label,
                    min_value=least,
                    max_value=high,
                    initial=getattr(band, what),
                    widget=forms.NumberInput(attrs={"class": "form-control form-control-sm", "aria-label": label}),
                )

    @property
    def rows(self) -> list[dict]:
        """The fields of each dimension beside what is proposed for it."""
        return [
            {
                "label": DIMENSIONS[band.dimension],
                "farthest": FARTHEST[band.dimension],
                "proposed": band,
                **{what: self[f"{band.dimension}_{what}"] for what in LIMITS},
            }
            for band in DEFAULT_BANDS
        ]

    @property
    def bands(self) -> list[Band]:
        data = self.cleaned_data
        return [Band(band.dimension, *(data[f"{band.dimension}_{what}"] for what in LIMITS)) for band in DEFAULT_BANDS]
