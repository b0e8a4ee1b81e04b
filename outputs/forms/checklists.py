from django import forms
from django.utils.translation import gettext_lazy as _

from ..kinds import KINDS
from ..selectors.summary import questions_of

MOST_QUESTIONS, LONGEST = 15, 300


class QuestionsField(forms.CharField):
    """Questions, one to a line."""

    widget = forms.Textarea

    def clean(self, value: str) -> list[str]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        questions = list(dict.fromkeys(line for line in lines if line))
        if len(questions) > MOST_QUESTIONS:
            raise forms.ValidationError(_("At most %(most)d questions."), params={"most": MOST_QUESTIONS})
        for number, question in enumerate(questions, start=1):
            if len(question) > LONGEST:
                text = _("Question %(n)d is too long: at most %(most)d characters.")
                raise forms.ValidationError(text, params={"n": number, "most": LONGEST})
        return questions


class ChecklistsForm(forms.Form):
    """The questions of every kind of output."""

    def __init__(self, *args, programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        own = {row.kind: row for row in programme.checklists.order_by("pk")}
        for kind in KINDS.values():
            questions = questions_of(own.get(kind.slug), kind.slug)
            self.fields[kind.slug] = QuestionsField(
                label=kind.label,
                initial="\n".join(questions),
                required=False,
                widget=forms.Textarea(attrs={"rows": 7}),
                help_text=_("One question to a line.") if kind.slug in own else _("Proposed. One question to a line."),
            )
