"""Insights: choosing among notes and insights, writing the statement and what it is about, and the report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort

from ..models import Insight, Note, Recommendation, Round, Session, SessionReport
from ..models.insight import MOST_STATEMENT
from ..selectors.insights import audiences, learning_types, themes
from ..states import Sureness, Topic

SHOW = (("", _("All notes")), ("loose", _("Under no insight yet")), ("used", _("Under an insight")))
ORDER = (("", _("Newest first")), ("common", _("Most agreement across groups")), ("votes", _("Most votes")))


class NotesFilter(forms.Form):
    """Which notes stand on the left of the workbench."""

    room = forms.ChoiceField(label=_("Room"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[("", _("All topics")), *Topic.choices])
    city = forms.ChoiceField(label=_("City"), required=False)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOW)
    scope = forms.ChoiceField(label=_("Sessions"), required=False)
    q = forms.CharField(label=_("Words"), required=False, max_length=80)

    def __init__(self, *args, session: Session, notes: list[Note], **kwargs):
        super().__init__(*args, **kwargs)
        rooms = {note.room.code: str(note.room) for note in notes if note.room}
        cities = {str(note.city_id): str(note.city) for note in notes if note.city_id}
        self.fields["room"].choices = [("", _("All rooms")), *rooms.items()]
        self.fields["city"].choices = [("", _("All cities")), *sorted(cities.items(), key=lambda each: each[1])]
        self.fields["scope"].choices = [("", _("This session")), ("round", _("All sessions of the round"))]
        if not session.round_id:
            del self.fields["scope"]


class InsightFilter(forms.Form):
    """Which insights a cohort's list shows, and in which order."""

    round = forms.ModelChoiceField(Round.objects.none(), label=_("Round"), required=False, empty_label=_("All rounds"))
    theme = forms.ModelChoiceField(None, label=_("Theme"), required=False, empty_label=_("All themes"))
    learning = forms.ModelChoiceField(None, label=_("Kind of learning"), required=False, empty_label=_("All kinds"))
    audience = forms.ModelChoiceField(None, label=_("For whom"), required=False, empty_label=_("For anybody"))
    sureness = forms.ChoiceField(
        label=_("How sure"), required=False, choices=[("", _("However sure")), *Sureness.choices]
    )
    order = forms.ChoiceField(label=_("Order"), required=False, choices=ORDER)

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = Round.objects.filter(cohort=cohort).order_by("number")
        self.fields["theme"].queryset = themes()
        self.fields["learning"].queryset = learning_types()
        self.fields["audience"].queryset = audiences()


class InsightForm(forms.ModelForm):
    class Meta:
        model = Insight
        fields = ("statement", "explanation", "learning", "sureness", "is_advice", "audiences", "themes")
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 2, "maxlength": MOST_STATEMENT}),
            "explanation": forms.Textarea(attrs={"rows": 4}),
            "audiences": forms.CheckboxSelectMultiple,
            "themes": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "statement": _("One sentence that somebody who was not there understands."),
            "is_advice": _("Other cohorts read the statement, not the notes under it."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["learning"].queryset = learning_types()
        self.fields["learning"].empty_label = _("Not said")
        self.fields["audiences"].queryset = audiences()
        self.fields["themes"].queryset = themes()


class IntroductionForm(forms.ModelForm):
    class Meta:
        model = SessionReport
        fields = ("introduction",)
        widgets = {"introduction": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "introduction": _(
                "What the session was about and how it went. What you claim here rests on nothing: findings carry notes."
            )
        }


class RecommendationForm(forms.ModelForm):
    """A recommendation with the insights that it rests on."""

    insights = forms.ModelMultipleChoiceField(
        Insight.objects.none(), label=_("Rests on"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Recommendation
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["insights"].queryset = session.insights.confirmed().order_by("confirmed_at", "pk")
        if self.instance.pk:
            chosen = self.instance.origins.order_by("pk").values_list("insight", flat=True)
            self.fields["insights"].initial = list(chosen)
