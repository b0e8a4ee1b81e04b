"""Run as a program with the environment of a deployment: `long` queues a PDF that takes seconds, `next` a short one
after it, `owed` leaves people who owe an output, `document PK` and `letters` tell how things stand. Prints JSON."""

import json
import os
import sys
from datetime import date

import django


def queue_long_document():
    from django.utils import timezone

    from outputs.selectors.content import draft_content
    from outputs.services.documents import queue_document
    from tests.factories.outputs import OutputFactory, OutputVersionFactory, complete_roadmap

    output = complete_roadmap(OutputFactory(submitted=True))
    output.answers.update(text="A long sentence about the renovation of houses, streets and habits. " * 600)
    version = OutputVersionFactory(output=output, content=draft_content(output, language="en"))
    return {"document": queue_document(version, now=timezone.now()).pk}


def queue_next_version():
    from django.utils import timezone

    from outputs.models import Output
    from outputs.selectors.content import draft_content
    from outputs.services.documents import queue_document
    from tests.factories.outputs import OutputVersionFactory
    from tests.factories.people import UserFactory

    output = Output.objects.get()
    output.answers.update(text="Short.")
    author = UserFactory(email="second@example.org")
    content = draft_content(output, language="en")
    version = OutputVersionFactory(output=output, number=2, content=content, submitted_by=author)
    return {"document": queue_document(version, now=timezone.now()).pk}


def leave_people_who_owe():
    from tests.factories.cohorts import MembershipFactory
    from tests.factories.outputs import OutputFactory

    outputs = [OutputFactory(due_on=date(2026, 12, 7)) for _ in range(8)]
    return {"people": [MembershipFactory(participation=output.participation).user.email for output in outputs]}


def look_at_document(pk):
    from django.core.files.storage import default_storage

    from outputs.models import Document
    from twinning.audit.models import JournalEntry

    document = Document.objects.get(pk=pk)
    folder, name = "documents", f"{document.code}.pdf"
    return {
        "state": document.state,
        "attempts": document.attempts,
        "pages": document.pages,
        "finished": str(document.finished_at),
        "files": [
            file == name for file in (default_storage.listdir(folder)[1] if default_storage.exists(folder) else [])
        ],
        "lines": JournalEntry.objects.filter(verb="outputs.document.ready").count(),
    }


def count_letters():
    from outputs.models import Reminder
    from twinning.mail.models import Letter

    letters = Letter.objects.filter(kind="output_reminder").order_by("to_address")
    return {"to": list(letters.values_list("to_address", flat=True)), "rows": Reminder.objects.count()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")
    django.setup()
    tell = {
        "long": queue_long_document,
        "next": queue_next_version,
        "owed": leave_people_who_owe,
        "document": look_at_document,
        "letters": count_letters,
    }
    print(json.dumps(tell[sys.argv[1]](*sys.argv[2:])))
