from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from .registry import KINDS
from .states import LETTER_MOVES, LetterState


class LetterQuerySet(models.QuerySet):
    def in_cohort(self, cohort_slug: str):
        return self.filter(cohort_slug=cohort_slug)

    def waiting_at(self, now):
        """Queued, and not being spared for a later try."""
        return self.filter(state=LetterState.QUEUED).filter(models.Q(next_try_at=None) | models.Q(next_try_at__lte=now))

    def about(self, obj: models.Model):
        return self.filter(about_type=obj._meta.label_lower, about_id=obj.pk)

    def visible_to(self, user):
        """Those who see everything see every letter; everybody sees the letters to themselves."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        return self.filter(to=user)


class Letter(PublicCode, TimeStamped):
    """One letter to one person. Rendered when it is queued, in the reader's language and zone, and kept."""

    kind = models.CharField(_("kind"), max_length=60)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )  # null: somebody without an account yet (an invitation)
    to_address = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=300)
    body_text = models.TextField(_("text"))
    body_html = models.TextField(_("HTML"), blank=True)
    why = models.CharField(_("why"), max_length=300)
    about_type = models.CharField(max_length=80, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    about_label = models.CharField(_("about"), max_length=200, blank=True)
    cohort_slug = models.CharField(max_length=80, blank=True, db_index=True)  # whose page lists it
    # What must be said once has one key; a second letter with the same key is never written.
    once_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=LetterState, default=LetterState.QUEUED)
    queued_at = models.DateTimeField(_("queued at"))
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), null=True, blank=True)  # null: at once
    error = models.CharField(_("error"), max_length=500, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=LetterState.SENT, sent_at__isnull=False)
                | (~models.Q(state=LetterState.SENT) & models.Q(sent_at=None)),
                name="letter_sent_iff_sent_at",
            )
        ]
        indexes = [
            models.Index(fields=["state", "queued_at"], name="letter_by_state"),
            models.Index(fields=["about_type", "about_id"], name="letter_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to_address}"

    def get_absolute_url(self) -> str:
        return reverse("mail:letter-detail", args=[self.code])

    @property
    def is_confidential(self) -> bool:
        """Whether its text carries a secret (a link that opens a door): then no page shows it, and it is not kept.

        A kind that nobody registers any more counts as confidential.
        """
        kind = KINDS.get(self.kind)
        return kind is None or kind.is_confidential

    @property
    def kind_label(self) -> str:
        kind = KINDS.get(self.kind)
        return str(kind.label) if kind else self.kind.replace("_", " ").capitalize()

    @property
    def moves(self) -> list[str]:
        """What can be done with it in its present state: "retry", "cancel"."""
        return LETTER_MOVES.names_from(self.state)
