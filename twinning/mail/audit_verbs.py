"""Sentences of the journal for letters."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "mail.letter.retried": _("{by} sent a letter again: {object}"),
    "mail.letter.cancelled": _("{by} cancelled a letter: {object}"),
}
