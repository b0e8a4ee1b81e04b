"""What hosts and twins say about themselves."""

import re

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..models import City, Cohort, Host, Participation, Term, host_label
from ..models.city import fold
from ..models.host import MOST_CITIES
from ..selectors.cities import cities_to_join
from ..selectors.hosts import hosts_to_join
from ..selectors.packages import STATEMENT_LISTS
from ..selectors.profiles import (
    HOST_TERMS,
    PROFILE_LABELS,
    TWIN_STRENGTHS,
    TWIN_TEXTS,
    TWIN_WISHES,
    profile_of_host,
    profile_of_twin,
)
from ..states import HostKind
from .cities import LinesField

_WITH_ID = re.compile(r".*\(([a-z0-9-]+)\)$")


class TermsField(forms.MultipleChoiceField):
    """Terms of one vocabulary; a retired one is offered where it is chosen already."""

    def __init__(self, *args: object, vocabulary: str, present: list[str], **kwargs: object) -> None:
        offered = [
            (term.code, term.label)
            for term in Term.objects.of(vocabulary)
            if not term.is_retired or term.code in present
        ]
        widget = forms.CheckboxSelectMultiple
        super().__init__(*args, choices=offered, initial=present, required=False, widget=widget, **kwargs)


class CitiesField(LinesField):
    """Cities of the register, one on each line, by id or by any spelling of their name; as a list of ids."""

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, list):
            return value
        names = dict(City.objects.filter(slug__in=value).values_list("slug", "name"))
        return "\n".join(f"{names[slug]} ({slug})" for slug in value)

    def clean(self, value: object) -> list[str]:
        lines = super().clean(value)
        if len(lines) > MOST_CITIES:
            raise forms.ValidationError(
                _now("A host has at most nine cities; these are %(count)d.") % {"count": len(lines)}
            )
        slugs = [self._slug_in(line, number) for number, line in enumerate(lines, start=1)]
        for number, slug in enumerate(slugs, start=1):
            if slug in slugs[: number - 1]:
                raise forms.ValidationError(
                    _now("Line %(number)d: this city stands there already.") % {"number": number}
                )
        return slugs

    @staticmethod
    def _slug_in(line: str, number: int) -> str:
        stated = _WITH_ID.match(line)
        slug = stated[1] if stated else line
        if City.objects.filter(slug=slug).exists():
            return slug
        cities = City.objects.named_like(line).prefetch_related("names").order_by("slug")
        named = [
            city.slug
            for city in cities
            if fold(line) in {fold(city.name), *(fold(spelling.name) for spelling in city.names.all())}
        ]
        words = {"number": number, "line": line, "ids": ", ".join(named)}
        if len(named) > 1:
            raise forms.ValidationError(_now("Line %(number)d: several cities are called “%(line)s”. Write one of the ids %(ids)s.") % words)  # fmt: skip
        if not named:
            raise forms.ValidationError(_now("Line %(number)d: there is no city “%(line)s” in the register. Correct the name, or add the city first.") % words)  # fmt: skip
        return named[0]


class HostForm(forms.Form):
    """The record of a host with its profile; the names of the fields are the keys of the profile."""

    title = forms.CharField(label=_("Title"), max_length=300)
    slug = forms.CharField(
        label=_("Id"),
        max_length=80,
        required=False,
        help_text=_(
            "Small letters, digits and single hyphens. Stands in packages and addresses and never changes. "
            "Made from the title where you leave it empty."
        ),
    )
    acronym = forms.CharField(label=_("Acronym"), max_length=80, required=False, empty_value=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=HostKind.choices)
    pilot_cohort = forms.IntegerField(label=PROFILE_LABELS["pilot_cohort"], required=False, min_value=1, max_value=99)
    cities = CitiesField(
        label=_("Cities"),
        help_text=_("One to nine, one on each line, by name or id as in the register. The first one leads."),
    )
    summary = forms.CharField(
        label=_("Summary"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: object, host: Host | None = None, **kwargs: object) -> None:
        profile = profile_of_host(host) if host else {}
        super().__init__(*args, initial=profile, **kwargs)
        if host:
            del self.fields["slug"]
            self.fields["cities"].required = bool(profile["cities"])  # of some only the title is known
        for key in STATEMENT_LISTS:
            self.fields[key] = LinesField(label=PROFILE_LABELS[key], required=False, help_text=_("One on each line."))
        for key, vocabulary in HOST_TERMS.items():
            self.fields[key] = TermsField(
                label=PROFILE_LABELS[key], vocabulary=vocabulary, present=profile.get(key, [])
            )
        for key in ("domains_inferred", "levers_inferred"):
            self.fields[key].help_text = _("A reader's judgement: counts half and is never shown as official.")
        self.fields["sources"] = LinesField(
            label=PROFILE_LABELS["sources"], required=False, help_text=_("Addresses or names, one on each line.")
        )

    def clean(self) -> dict:
        data = super().clean()
        if "slug" in self.fields and "slug" not in self.errors and data.get("title"):
            data["slug"] = data.get("slug") or slugify(fold(data["title"]))[:80].strip("-")
            if not data["slug"]:
                self.add_error("slug", _now("Give an id in Latin letters."))
            elif Host.objects.filter(slug=data["slug"]).exists():
                self.add_error("slug", _now("Another host has this id. Is it the same one?"))
        return data

    @property
    def values(self) -> dict:
        return {key: value for key, value in self.cleaned_data.items() if key != "slug"}


class ParticipationForm(forms.Form):
    """What a twin seeks and brings."""

    interests = forms.CharField(
        label=PROFILE_LABELS["interests"],
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In your own words. The matching reads it beside what hosts say about themselves."),
    )
    challenges = forms.CharField(
        label=PROFILE_LABELS["challenges"], max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    offers = forms.CharField(
        label=_("Can teach"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: object, participation: Participation, **kwargs: object) -> None:
        profile = profile_of_twin(participation)
        super().__init__(*args, initial={name: profile[name] for name in TWIN_TEXTS}, **kwargs)
        labels = {"domains": _("Domains it wants to learn about"), "levers": _("Levers it wants to learn about")}
        for key, vocabulary in {**TWIN_WISHES, **TWIN_STRENGTHS}.items():
            self.fields[key] = TermsField(
                label=labels.get(key, PROFILE_LABELS[key]), vocabulary=vocabulary, present=profile[key]
            )
        self.order_fields(["interests", "challenges", "domains", "levers", "offers", *TWIN_STRENGTHS])


class HostingAddForm(forms.Form):
    """Which host of the register joins a cohort."""

    host = forms.ModelChoiceField(
        label=_("Host"),
        queryset=Host.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose a host of the register"),
        help_text=_("A host that is not in the list must be added to the register first."),
    )
    fewest = forms.IntegerField(label=_("Fewest twins"), min_value=0, max_value=100, initial=0)
    most = forms.IntegerField(label=_("Most twins"), min_value=0, max_value=100, initial=3)

    def __init__(self, *args: object, cohort: Cohort, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts_to_join(cohort)
        self.fields["host"].label_from_instance = host_label

    def clean(self) -> dict:
        data = super().clean()
        if data.get("fewest") is not None and data.get("most") is not None and data["fewest"] > data["most"]:
            self.add_error("most", _now("The most may not be less than the fewest."))
        return data


class ParticipationAddForm(forms.Form):
    """Which city of the register becomes a twin of a cohort."""

    city = forms.ModelChoiceField(
        label=_("City"),
        queryset=City.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose a city of the register"),
        help_text=_("A city that is not in the list must be added to the register first."),
    )

    def __init__(self, *args: object, cohort: Cohort, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].queryset = cities_to_join(cohort)
