"""Abstract bases. This app owns no table."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

# No vowels and nothing that looks like something else: a code never spells a word and can be read out on the phone.
CODE_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 8


def new_code() -> str:
    """A random public code of eight characters (28^8 possibilities)."""
    return "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))


class TimeStamped(models.Model):
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True


class PublicCode(models.Model):
    """Something that has an address of its own; addresses carry this code, never the raw id."""

    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True, editable=False, default=new_code)

    class Meta:
        abstract = True
