"""What a reviewer looks at, and what was found in one version."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cohorts.models import Programme
from twinning.core.models import TimeStamped

from ..states import ReviewMark
from .version import OutputVersion


class Checklist(TimeStamped):
    """The questions of one programme for one kind of output. Without a row the proposal of `outputs.checklists` holds."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="checklists")
    kind = models.SlugField(_("kind"), max_length=40)  # a slug of `outputs.kinds`
    questions = models.JSONField(_("questions"), default=list)  # texts in their order

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        constraints = [models.UniqueConstraint(fields=["programme", "kind"], name="checklist_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.programme}"


class ChecklistAnswer(models.Model):
    """One question as it was asked, and the answer for one version. Later changes of the checklist leave it alone.

    A question of the proposal is kept in the language of the source, so that reviewers of several languages mean the same.
    """

    version = models.ForeignKey(OutputVersion, on_delete=models.CASCADE, related_name="checklist_answers")
    position = models.PositiveSmallIntegerField(_("position"))
    question = models.CharField(_("question"), max_length=300)
    mark = models.CharField(_("answer"), max_length=6, choices=ReviewMark)
    comment = models.TextField(_("comment"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("answer of the checklist")
        verbose_name_plural = _("answers of the checklist")
        constraints = [models.UniqueConstraint(fields=["version", "question"], name="checklist_answer_once")]

    @property
    def words(self) -> str:
        """The question in the active language, where it is one of the proposal."""
        return gettext(self.question)

    def __str__(self) -> str:
        return f"{self.words} {self.get_mark_display()}"
