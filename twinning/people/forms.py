"""Forms about people: own settings, invitations, roles, deactivation."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import User
from .roles import PlatformRole

PREFERRED_REGION = "Europe"


def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The named zones by region, Europe first; each shown by its city."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region not in ("Etc", "SystemV", "US"):
            regions.setdefault(region, []).append((zone, place.replace("_", " ")))
    return sorted(regions.items(), key=lambda item: (item[0] != PREFERRED_REGION, item[0]))


class OwnSettingsForm(forms.Form):
    """What people decide about themselves."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of pages and letters."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zone_choices, help_text=_("Times on pages and in letters are yours.")
    )
    theme = forms.ChoiceField(label=_("Colours"), choices=User.Theme.choices, required=False, widget=forms.RadioSelect)

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        initial = {name: getattr(user, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)


class InvitationForm(forms.Form):
    """Whom to invite to which role on the platform."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("As the letter should greet them, if you know it.")
    )
    platform_role = forms.ChoiceField(
        label=_("Role on the platform"),
        required=False,
        help_text=_("Officers and host contacts need none: invite them on the page of their city or host."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)

    def __init__(self, *args: object, by: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform_role"].choices = roles_to_give(by)


def roles_to_give(by: User) -> list[tuple[str, object]]:
    """The roles on the platform that somebody may give. Administrators are made by administrators."""
    return [
        (value, label)
        for value, label in PlatformRole.choices
        if by.is_administrator or value != PlatformRole.ADMINISTRATOR
    ]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role on the platform"), choices=PlatformRole.choices, required=False)


class DeactivationForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Stands in the journal. For example: left the city administration."),
    )
