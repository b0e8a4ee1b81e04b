"""Secrets: made here, stored only as a hash or encrypted with the key of the settings."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def new_secret() -> str:
    """256 random bits, fit for a link."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """SHA-256, hexadecimal. No salt and no slow hash: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sealed(text: str) -> str:
    """The text, readable again only with SECRET_KEY (or one of its fallbacks)."""
    return _box().encrypt(text.encode()).decode()


def unsealed(sealed_text: str) -> str:
    """The text that was sealed. Raises `cryptography.fernet.InvalidToken` where no key fits."""
    return _box().decrypt(sealed_text.encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"seal:{key}".encode()).digest())) for key in keys]
    )
