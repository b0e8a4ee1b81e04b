"""Kinds of letters. Each app registers its own in `mails.py`, from `AppConfig.ready`.

A kind's texts lie in `templates/<template>.subject.txt`, `.txt` and `.html` (see `LetterKind.template`).

Folders: letters carry the slug of the cohort on whose page they are listed. The app that owns cohorts registers how to
find one, so that the page of a cohort that a person may not see does not exist for them.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class LetterKind:
    slug: str  # noun_past: "output_sent_back"
    template: str  # "outputs/mail/output_sent_back"
    why: object  # lazily translated: why does a person get this letter?
    name: object = ""  # lazily translated, for lists; by default the slug in words
    is_confidential: bool = False  # its text carries a secret: not shown on pages, not kept once it is sent

    @property
    def label(self) -> object:
        return self.name or self.slug.replace("_", " ").capitalize()


KINDS: dict[str, LetterKind] = {}


def register_letters(*kinds: LetterKind) -> None:
    """Add an app's kinds of letters. A kind has one owner."""
    for kind in kinds:
        if kind.slug in KINDS:
            raise ValueError(f"Letter kind registered twice: {kind.slug}")
        KINDS[kind.slug] = kind


# (user, slug) -> the object whose letters are listed under that slug, if `user` may see it, else None
FOLDERS: list[Callable[[object, str], object | None]] = []


def register_folder(find: Callable[[object, str], object | None]) -> None:
    FOLDERS.append(find)


def folder_for(user, slug: str) -> object | None:
    """What `slug` names and `user` may see; None where there is no such thing."""
    found = (find(user, slug) for find in FOLDERS)
    return next((folder for folder in found if folder is not None), None)
