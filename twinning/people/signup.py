"""The form of the sign-up page. Apart from `forms.py`, because the sign-in library must be loaded before it."""

from allauth.account.forms import SignupForm
from allauth.core import context as current
from django import forms
from django.utils.translation import gettext_lazy as _

from .adapters import redeemed_invitation


class InvitedSignupForm(SignupForm):
    """Name and password; the address is the invited one and cannot be changed here."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["email", "name", "password1", "password2"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        invitation = redeemed_invitation(current.request)
        if invitation:
            self.fields["email"].initial = invitation.email
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("The address of your invitation. You can change it later.")
            self.fields["name"].initial = invitation.name

    def custom_signup(self, request, user) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])
