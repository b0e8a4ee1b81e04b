"""Opinion and decision are two facts: comments may come from many, a decision from who may decide."""

from django.conf import settings
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from ..states import Audience, Verdict
from .output import Output
from .version import OutputVersion


class CommentQuerySet(models.QuerySet):
    def for_reader(self, user, *, is_reviewer: bool):
        """Internal comments are for reviewers and those who see everything."""
        return self if is_reviewer or user.sees_all else self.filter(audience=Audience.SHARED)

    def begun_by(self, user):
        """The rows of comments that the person began, with the answers of everybody."""
        return self.filter(models.Q(author=user, parent=None) | models.Q(parent__author=user))


class Comment(PublicCode, TimeStamped):
    """A remark on an output, at one place of it (`anchor`) or on the whole."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="comments")
    version = models.ForeignKey(OutputVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="comments")
    # "" = the whole; "answer:<field>" or "objective:<code>" or "objective:<code>:<field>"
    anchor = models.CharField(max_length=120, blank=True)
    audience = models.CharField(_("who reads it"), max_length=10, choices=Audience, default=Audience.SHARED)
    text = models.TextField(_("text"))
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    written_at = models.DateTimeField(_("written at"))
    solved_at = models.DateTimeField(_("solved at"), null=True, blank=True)
    solved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(solved_at=None, solved_by=None)
                | models.Q(solved_at__isnull=False, solved_by__isnull=False),
                name="comment_solved_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return Truncator(self.text).chars(80)


class Decision(models.Model):
    """The reviewer's decision about one version."""

    version = models.OneToOneField(OutputVersion, on_delete=models.PROTECT, related_name="decision")
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict)
    letter = models.TextField(_("letter to the city"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.ACCEPTED) | ~models.Q(letter=""),
                name="sent_back_with_letter",
                violation_error_message=_("Say what the city should change."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.version}"
