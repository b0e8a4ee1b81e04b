"""Controlled vocabularies: emission domains, levers of change and others. Editable; never deleted under data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.models import TimeStamped

DOMAINS = "fields_of_action_ccc"
LEVERS = "levers_of_change"
DIMENSIONS = "context_dimensions"


class Vocabulary(TimeStamped):
    """One controlled list."""

    slug = models.SlugField(_("id"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=160)
    source = models.TextField(_("source"), blank=True)

    class Meta:
        verbose_name = _("vocabulary")
        verbose_name_plural = _("vocabularies")

    def __str__(self) -> str:
        return self.title


class TermQuerySet(models.QuerySet):
    def in_use(self):
        """Terms that may be chosen for something new."""
        return self.filter(is_retired=False)

    def of(self, vocabulary_slug: str):
        return self.filter(vocabulary__slug=vocabulary_slug).order_by("position", "pk")


class Term(TimeStamped):
    """One entry of a list. A term under data is retired, never deleted: foreign keys to it protect it."""

    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.PROTECT, related_name="terms")
    code = models.SlugField(_("code"), max_length=80)
    label = models.CharField(_("label"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Stays where it is used and is no longer offered.")
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [models.UniqueConstraint(fields=["vocabulary", "code"], name="term_code_unique_in_vocabulary")]

    def __str__(self) -> str:
        return self.label
