"""Rows of the Internal Info Session: the record of an event."""

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from ..states import FollowUpKind, GroupKind, SessionForm
from .output import Output
from .row import KeyedRow, Row, number, within


class InfoSession(KeyedRow):
    """The event itself: one record for each output."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="info_sessions")
    held_on = models.DateField(_("day"), null=True, blank=True)
    form = models.CharField(_("how people met"), max_length=9, choices=SessionForm, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    organiser = models.CharField(_("organiser"), max_length=160, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    score = number(_("average score"))
    answers = models.PositiveIntegerField(_("number of answers"), null=True, blank=True)
    feedback = models.TextField(_("what people said"), blank=True)

    class Meta:
        verbose_name = _("info session")
        verbose_name_plural = _("info sessions")
        constraints = [
            models.UniqueConstraint(fields=["output", "key"], name="info_session_once"),
            models.CheckConstraint(condition=within("score", 1, 5), name="info_session_scored_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.output_id}: {self.key}"


class SessionGroup(Row):
    name = models.CharField(_("department or organisation"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=GroupKind, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")

    def __str__(self) -> str:
        return self.name


class SessionMessage(Row):
    text = models.TextField(_("message"), blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return Truncator(self.text).chars(80)


class SessionQuestion(Row):
    question = models.TextField(_("question"), blank=True)
    asked_by = models.CharField(_("from which group"), max_length=160, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return Truncator(self.question).chars(80)


class FollowUp(Row):
    text = models.TextField(_("what"), blank=True)
    kind = models.CharField(_("kind"), max_length=9, choices=FollowUpKind, default=FollowUpKind.FOLLOW_UP)
    owner = models.CharField(_("who"), max_length=160, blank=True)
    due_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self) -> str:
        return Truncator(self.text).chars(80)


class SessionMaterial(Row):
    title = models.CharField(_("what it is"), max_length=160, blank=True)
    link = models.URLField(_("address"), max_length=500, blank=True)
    kept_at = models.CharField(_("where it is kept"), max_length=160, blank=True)
    keeper = models.CharField(_("who answers for it"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("material")

    def __str__(self) -> str:
        return self.title
