"""A city of the register and its spellings."""

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from ..models import City, CityName
from ..models.city import fold
from ..services.cities import CHANGEABLE, Spelling
from ..states import CityKind


class LinesField(forms.CharField):
    """A list of short texts, one on each line."""

    widget = forms.Textarea

    def __init__(self, *args: object, rows: int = 4, **kwargs: object) -> None:
        super().__init__(*args, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def prepare_value(self, value: object) -> object:
        return "\n".join(" ".join(text.split()) for text in value) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: object, data: object) -> bool:
        return self.to_python(self.prepare_value(initial)) != self.to_python(data)


class CityForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160)
    slug = forms.CharField(
        label=_("Id"),
        max_length=80,
        required=False,
        help_text=_(
            "Small letters, digits and single hyphens. Stands in packages and addresses and never changes. "
            "Made from the name where you leave it empty."
        ),
    )
    country = forms.ChoiceField(label=_("Country"))
    kind = forms.ChoiceField(label=_("Kind of authority"), choices=CityKind.choices)
    latitude = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, help_text=_("In degrees, for example 60.98.")
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        help_text=_("East of Greenwich is above 0, for example 25.66."),
    )
    population = forms.IntegerField(label=_("Population"), required=False, min_value=0, max_value=1_000_000_000)
    population_year = forms.IntegerField(
        label=_("Year of the population"), required=False, min_value=1990, max_value=2100
    )
    population_source = forms.CharField(label=_("Source of the population"), max_length=200, required=False)
    is_mission_city = forms.BooleanField(label=_("Mission City"), required=False)
    sources = LinesField(
        label=_("Sources of this record"), required=False, help_text=_("Addresses or names, one on each line.")
    )

    def __init__(self, *args: object, city: City | None = None, **kwargs: object) -> None:
        initial = {name: getattr(city, name) for name in CHANGEABLE} if city else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["country"].choices = [("", _("Choose")), *sorted(countries, key=lambda one: fold(one.name))]
        if city:
            self.initial["country"] = city.country.code
            del self.fields["slug"]

    def clean(self) -> dict:
        data = super().clean()
        if (data.get("latitude") is None) != (data.get("longitude") is None) and not self.errors:
            self.add_error("longitude", _now("Give latitude and longitude, or neither."))
        if data.get("population") is not None and not data.get("population_source") and not data.get("sources"):
            self.add_error("population_source", _now("Say where the number is from."))
        if "slug" in self.fields and "slug" not in self.errors and data.get("name"):
            data["slug"] = data.get("slug") or slugify(fold(data["name"]))[:80]
            if not data["slug"]:
                self.add_error("slug", _now("Give an id in Latin letters."))
            elif City.objects.filter(slug=data["slug"]).exists():
                self.add_error("slug", _now("Another city has this id. Is it the same one?"))
        return data

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in CHANGEABLE}


class SpellingForm(forms.Form):
    """One row of the table of spellings. Without a name it says nothing: emptying a row removes the spelling."""

    name = forms.CharField(label=_("Spelling"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=CityName.Kind.choices, initial=CityName.Kind.LOCAL)
    language = forms.RegexField(
        label=_("Language"),
        regex=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$",
        max_length=10,
        required=False,
        error_messages={"invalid": _("Write a language code, for example fi.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        number = int(self.prefix.rpartition("-")[2]) + 1 if self.prefix else 1
        for field in self.fields.values():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            label = _now("%(field)s, row %(number)d") % {"field": field.label, "number": number}
            field.widget.attrs |= {"class": f"{kind} {kind}-sm", "aria-label": label}


class SpellingRows(forms.BaseFormSet):
    @property
    def spellings(self) -> list[Spelling]:
        rows = (form.cleaned_data for form in self.forms if form.cleaned_data.get("name"))
        return [Spelling(row["kind"], row["name"], row["language"]) for row in rows]

    def clean(self) -> None:
        if any(self.errors):
            return
        names = [one.name for one in self.spellings]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise forms.ValidationError(_now("“%(name)s” stands there twice. Keep one of them.") % {"name": doubled[0]})


SpellingSet = forms.formset_factory(SpellingForm, formset=SpellingRows, extra=2, max_num=20, validate_max=True)


class CityEditor:
    """The city's form and the table of its other spellings, as one thing that is valid or not."""

    def __init__(self, city: City | None = None, data=None) -> None:
        self.form = CityForm(data, city=city)
        present = city.names.order_by("kind", "name", "pk").values("kind", "name", "language") if city else []
        self.rows = SpellingSet(data, prefix="spellings", initial=list(present))

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.rows.is_valid()])

    @property
    def has_errors(self) -> bool:
        return bool(self.form.errors) or (self.rows.is_bound and not self.rows.is_valid())
