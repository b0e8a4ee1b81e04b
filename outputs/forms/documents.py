from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from twinning.core.errors import Refused

from ..formats.word_back import WordContent, read_word
from ..services.publishing import MOST_WORDS

SALT = "outputs.word"
AN_HOUR = 3600


class WordUploadForm(forms.Form):
    """Reads the edited file. After validation `content` holds what is in it."""

    file = forms.FileField(
        label=_("Word file"),
        help_text=_("The .docx file that you downloaded here and edited, at most 10 MB."),
        allow_empty_file=True,  # the reader has a better sentence for it
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        error_messages={"required": _("Choose the file.")},
    )
    content: WordContent | None = None

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            self.content = read_word(file.read())
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file


class WordApplyForm(forms.Form):
    """The changes that were shown, signed, and which of them are wanted."""

    changes = forms.CharField(widget=forms.HiddenInput)
    take = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args, output: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.output = output
        self.shown: list[list] = []
        try:
            self.shown = signing.loads(self.data.get("changes", ""), salt=f"{SALT}.{output}", max_age=AN_HOUR)
        except signing.BadSignature:
            pass
        self.fields["take"].choices = [(place, place) for place in range(len(self.shown))]

    @staticmethod
    def signed(changes: list[list], *, output: str) -> str:
        return signing.dumps(changes, salt=f"{SALT}.{output}", compress=True)

    def clean_changes(self) -> list[list]:
        if not self.shown:
            raise forms.ValidationError(_("This preview is too old. Send the file again."))
        return self.shown

    @property
    def wanted(self) -> list[list]:
        return [self.shown[place] for place in self.cleaned_data["take"]]


class PublicationForm(forms.Form):
    summary = forms.CharField(
        label=_("Summary for the public"),
        help_text=_(
            "A few sentences for people who know nothing of the programme, at most 200 words. Name no private person."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Write a few sentences for the public.")},
    )
    agreed = forms.BooleanField(
        label=_("I have read what will be public, and I agree for my city."),
        error_messages={"required": _("Tick the box to agree.")},
    )

    def clean_summary(self) -> str:
        summary = self.cleaned_data["summary"]
        if len(summary.split()) > MOST_WORDS:
            raise forms.ValidationError(_("Write at most %(most)d words.") % {"most": MOST_WORDS})
        return summary
