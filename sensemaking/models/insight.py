"""What a session found: insights. And the one table of links by which notes, insights and what is built on them hang together."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.models import Term
from outputs.models import PlanAction, TransferCandidate
from twinning.core.models import PublicCode, TimeStamped

from ..states import InsightOrigin, InsightState, LinkKind, Sureness
from .board import Note
from .report import Recommendation, SessionReport
from .room import Guest
from .session import Session

LEARNING_TYPES, AUDIENCES, TOPICS = "learning_types", "insight_audiences", "breakout_topics_all_cluster_2"
MOST_STATEMENT = 300


class InsightQuerySet(models.QuerySet):
    def in_cohort(self, cohort):
        return self.filter(session__session_cohorts__cohort=cohort)

    def confirmed(self):
        return self.filter(state=InsightState.CONFIRMED)

    def standing(self):
        """Drafts and confirmed ones: neither withdrawn nor merged into another."""
        return self.filter(state__in=(InsightState.DRAFT, InsightState.CONFIRMED))

    def visible_to(self, user):
        """Confirmed insights of the sessions that the person sees; to the team those of every state."""
        seen = self.filter(session__in=Session.objects.visible_to(user).values("pk"))
        if user.is_authenticated and user.sees_all:
            return seen
        own = models.Q(session__session_cohorts__cohort__team_members__user=user) if user.is_authenticated else None
        confirmed = models.Q(state=InsightState.CONFIRMED)
        shown = self.filter(confirmed | own if own is not None and user.is_facilitator else confirmed)
        return seen.filter(pk__in=shown.values("pk"))


class Insight(PublicCode, TimeStamped):
    """A short statement that somebody made of notes. Which notes stand under it, the links say."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="insights")
    statement = models.CharField(_("statement"), max_length=MOST_STATEMENT)
    explanation = models.TextField(_("in more words"), blank=True)
    learning = models.ForeignKey(
        Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kind of learning")
    )
    themes = models.ManyToManyField(Term, blank=True, related_name="insights", verbose_name=_("themes"))
    audiences = models.ManyToManyField(Term, blank=True, related_name="insights_for", verbose_name=_("for whom"))
    sureness = models.CharField(_("how sure"), max_length=8, choices=Sureness, default=Sureness.OPEN)
    is_advice = models.BooleanField(_("advice to the next cohort"), default=False)
    state = models.CharField(_("state"), max_length=9, choices=InsightState, default=InsightState.DRAFT)
    origin = models.CharField(_("made"), max_length=9, choices=InsightOrigin, default=InsightOrigin.BY_HAND)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(  # a harvester without an account; for the team's eyes alone
        Guest,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("proposed by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Somebody withdrew consent to a note under it: the statement may still carry words of theirs.
    to_reread_since = models.DateTimeField(_("to be read again since"), null=True, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = InsightQuerySet.as_manager()

    class Meta:
        verbose_name = _("insight")
        verbose_name_plural = _("insights")
        constraints = [
            models.CheckConstraint(condition=~models.Q(statement=""), name="insight_has_a_statement"),
            models.CheckConstraint(
                condition=~models.Q(state=InsightState.CONFIRMED)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="insight_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(InsightState.WITHDRAWN, InsightState.MERGED))
                ^ models.Q(withdrawn_at=None),
                name="insight_withdrawn_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["session", "state"], name="insight_by_session_and_state")]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return reverse("sensemaking:insight-detail", args=[self.code])

    @property
    def is_sent_back(self) -> bool:
        """A proposal that the team did not confirm: its author may propose it again."""
        return self.proposed_by_id is not None and self.state == InsightState.WITHDRAWN

    @property
    def stands(self) -> bool:
        return self.state in (InsightState.DRAFT, InsightState.CONFIRMED)


ENDS = {  # kind of link -> where it begins, where it ends
    LinkKind.EVIDENCE: ("note", "to_insight"),
    LinkKind.QUOTATION: ("note", "to_report"),
    LinkKind.CONTINUES: ("insight", "to_insight"),
    LinkKind.MERGED: ("insight", "to_insight"),
    LinkKind.SPLIT: ("insight", "to_insight"),
    LinkKind.RECOMMENDED: ("insight", "to_recommendation"),
    LinkKind.CANDIDATE: ("insight", "to_candidate"),
    LinkKind.ACTION: ("insight", "to_action"),
}
PLACES = ("note", "insight", "to_insight", "to_report", "to_recommendation", "to_candidate", "to_action")


def _only(kind: str) -> models.Q:
    return models.Q(kind=kind, **{f"{place}__isnull": place not in ENDS[kind] for place in PLACES})


class LineageLink(models.Model):
    """One typed link from where something comes from to what was made of it. It copies no text."""

    kind = models.CharField(_("kind"), max_length=11, choices=LinkKind)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, blank=True, related_name="uses")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, null=True, blank=True, related_name="uses")
    to_insight = models.ForeignKey(Insight, on_delete=models.CASCADE, null=True, blank=True, related_name="origins")
    to_report = models.ForeignKey(
        SessionReport, on_delete=models.CASCADE, null=True, blank=True, related_name="quotations"
    )
    to_recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, null=True, blank=True, related_name="origins"
    )
    to_candidate = models.ForeignKey(
        TransferCandidate, on_delete=models.CASCADE, null=True, blank=True, related_name="origins_in_sessions"
    )
    to_action = models.ForeignKey(
        PlanAction, on_delete=models.CASCADE, null=True, blank=True, related_name="origins_in_sessions"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(*[_only(kind) for kind in ENDS], _connector=models.Q.OR),
                name="link_has_its_two_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(insight=None)
                | models.Q(to_insight=None)
                | ~models.Q(insight=models.F("to_insight")),
                name="link_leads_not_to_itself",
            ),
            *(
                models.UniqueConstraint(
                    fields=["kind", *ends], condition=models.Q(kind=kind), name=f"link_{kind.value}_once"
                )
                for kind, ends in ENDS.items()
            ),
        ]

    def __str__(self) -> str:
        begin, end = ENDS[LinkKind(self.kind)]
        return f"{self.kind}: {getattr(self, begin + '_id')} -> {getattr(self, end + '_id')}"
