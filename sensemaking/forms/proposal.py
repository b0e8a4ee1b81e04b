"""What a harvester proposes: notes, one sentence, how sure, themes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Guest, Insight, Note
from ..models.insight import MOST_STATEMENT
from ..selectors.insights import themes
from ..selectors.proposals import notes_to_propose_from
from ..states import Sureness


class ProposalForm(forms.Form):
    """`initial` of the notes are their codes, as the checkboxes have them."""

    note = forms.ModelMultipleChoiceField(
        Note.objects.none(),
        label=_("Notes"),
        to_field_name="code",
        error_messages={"required": _("Choose at least one note: an insight stands on what somebody said.")},
    )
    statement = forms.CharField(
        label=_("What these notes say, in one sentence"),
        help_text=_("One sentence that somebody who was not there understands."),
        max_length=MOST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MOST_STATEMENT}),
    )
    sureness = forms.ChoiceField(label=_("How sure"), choices=Sureness.choices, initial=Sureness.OPEN)
    themes = forms.ModelMultipleChoiceField(
        None, label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, guest: Guest, proposal: Insight | None = None, **kwargs):
        super().__init__(*args, initial=_of(proposal), **kwargs)
        self.fields["note"].queryset = notes_to_propose_from(guest)
        self.fields["themes"].queryset = themes()

    @property
    def chosen(self) -> list[str]:
        """Codes of the notes that are ticked."""
        return self["note"].value() or []

    @property
    def row(self) -> dict:
        """What the services want to know, besides the notes."""
        return {name: self.cleaned_data[name] for name in ("statement", "sureness", "themes")}


def _of(proposal: Insight | None) -> dict:
    if proposal is None:
        return {}
    return {
        "statement": proposal.statement,
        "sureness": proposal.sureness,
        "themes": list(proposal.themes.all()),
        "note": [link.note.code for link in proposal.evidence],
    }
