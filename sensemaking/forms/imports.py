"""Choosing a file of notes, and confirming what it would do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..imports import MOST_BYTES


class NotesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File with notes"),
        help_text=_("A board exported from Miro as CSV, or a table (.xlsx, .csv) with a column “Note”. At most 5 MB."),
        allow_empty_file=True,  # the reader has a better sentence for it
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it, one file for each session."))
        return file


class NotesConfirmForm(forms.Form):
    """Confirms exactly what was shown."""

    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
