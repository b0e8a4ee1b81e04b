from datetime import date

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .registry import VERBS


class JournalQuerySet(models.QuerySet):
    def about(self, obj: models.Model):
        """The lines of one object, newest first."""
        return self.filter(object_type=obj._meta.label_lower, object_id=obj.pk).order_by("-at", "-pk")

    def update(self, **changes: object) -> int:
        raise TypeError("The journal is append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The journal is append-only.")


class JournalEntry(models.Model):
    """One consequence. Written by `record`, never changed."""

    at = models.DateTimeField(_("at"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="journal_entries"
    )  # null: the platform itself (a worker, a command)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200, blank=True)
    verb = models.CharField(_("verb"), max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    object_label = models.CharField(_("object"), max_length=200)
    data = models.JSONField(_("details"), default=dict, blank=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal")
        indexes = [models.Index(fields=["object_type", "object_id", "-at"], name="journal_by_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_label}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise TypeError("The journal is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> None:
        raise TypeError("The journal is append-only.")

    @property
    def sentence(self) -> str:
        """The line in words. Details that the sentence names but the line lacks read as an ellipsis."""
        template = str(VERBS.get(self.verb, "{by}: " + self.verb + " {object}"))
        words = {key: _readable(value) for key, value in self.data.items()}
        words |= {"by": self.who, "object": self.object_label}
        return template.format_map(_Ellipsis(words))

    @property
    def who(self) -> str:
        name = str(self.by) if self.by_id else str(_("Twinning"))
        if self.on_behalf_of:
            return _("%(name)s for %(city)s") % {"name": name, "city": self.on_behalf_of}
        return name


def _readable(value: object) -> str:
    """A detail as people read it: days, which JSON keeps as text, in words."""
    try:
        return (
            date_format(date.fromisoformat(value), "j F Y")
            if isinstance(value, str) and len(value) == 10
            else str(value)
        )
    except ValueError:
        return value


class _Ellipsis(dict):
    def __missing__(self, key: str) -> str:
        return "…"
