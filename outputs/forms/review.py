from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..services.reviewing import MOST_CHARACTERS, Mark
from ..states import Audience, ReviewMark


class ReviewForm(forms.Form):
    """The checklist and the letter. `questions` as they are kept; they are shown in the active language. Each button sends all of it: keep, accept, or ask for changes (`needs_letter`)."""

    letter = forms.CharField(
        label=_("Letter to the city"),
        help_text=_("To ask for changes, say what should be changed and by when. The officers get it by e-mail."),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, questions: list[str], answers=(), needs_letter: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.questions, self.needs_letter = questions, needs_letter
        given = {answer.question: answer for answer in answers}
        for number, question in enumerate(questions, start=1):
            answer = given.get(question)
            self.fields[f"mark_{number}"] = forms.ChoiceField(
                label=gettext(question),
                choices=ReviewMark,
                required=False,
                initial=answer.mark if answer else "",
                widget=forms.RadioSelect,
            )
            self.fields[f"comment_{number}"] = forms.CharField(
                label=_("Comment"),
                max_length=2000,
                required=False,
                initial=answer.comment if answer else "",
                widget=forms.Textarea(attrs={"rows": 1}),
            )

    def clean_letter(self) -> str:
        letter = self.cleaned_data["letter"].strip()
        if self.needs_letter and not letter:
            raise forms.ValidationError(_("Say what the city should change."))
        return letter

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each question with the field of its comment."""
        return [(self[f"mark_{n}"], self[f"comment_{n}"]) for n in range(1, len(self.questions) + 1)]

    def marks(self) -> list[Mark]:
        data = self.cleaned_data
        return [
            Mark(question, data[f"mark_{n}"], data[f"comment_{n}"])
            for n, question in enumerate(self.questions, start=1)
        ]


class CommentForm(forms.Form):
    """`with_audience`: reviewers decide who reads it; what others write is shared."""

    text = forms.CharField(label=_("Comment"), max_length=MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": 4}))
    audience = forms.ChoiceField(
        label=_("Who reads it"), choices=Audience, initial=Audience.SHARED, widget=forms.RadioSelect
    )
    anchor = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    parent = forms.CharField(max_length=8, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, with_audience: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not with_audience:
            del self.fields["audience"]
