"""Uploading a cohort package, and confirming what it would change."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..package_format import MAX_BYTES, CohortPackage, PackageRefused
from ..services.packages import read_package_file


class PackageUploadForm(forms.Form):
    """Reads the package. After validation `package` holds it, or `refusal` says what is wrong with it."""

    file = forms.FileField(
        label=_("Cohort package"),
        help_text=_("A JSON file in the format twinning-cohort/1, at most 20 MB."),
        allow_empty_file=True,  # the reader has a better sentence for it
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
    package: CohortPackage | None = None
    refusal: PackageRefused | None = None

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB; split it or leave out what is not needed."))
        try:
            self.package = read_package_file(file)
        except PackageRefused as refusal:
            self.refusal = refusal
            count = len(refusal.faults)
            raise forms.ValidationError(
                ngettext(
                    "The package has %(count)d fault and was not imported. It stands below.",
                    "The package has %(count)d faults and was not imported. They stand below.",
                    count,
                )
                % {"count": count}
            ) from refusal
        return file


class PackageConfirmForm(forms.Form):
    """Confirms exactly the report that was shown."""

    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
