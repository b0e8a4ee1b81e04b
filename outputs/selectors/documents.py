"""How the files that workers make stand: their place in the queue, and the folder of a city."""

from cohorts.models import Participation

from ..models import Document
from ..states import DocumentState


def folder_of(participation: Participation) -> Document | None:
    """The folder of this participation, where somebody asked for one."""
    return Document.objects.filter(participation=participation).first()


def waiting_before(document: Document) -> int:
    """How many files of its queue are made before this one; 0 where it does not wait."""
    if document.state != DocumentState.QUEUED:
        return 0
    before = Document.objects.waiting().filter(is_long=document.is_long, queued_at__lte=document.queued_at)
    return before.exclude(pk=document.pk).count()
