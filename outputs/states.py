"""States of outputs and of their documents, in the words that EU officers know."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.transitions import Table


class OutputState(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    SENT_BACK = "sent_back", _("Sent back")
    ACCEPTED = "accepted", _("Accepted")
    WAIVED = "waived", _("Waived")


WRITABLE = (OutputState.NOT_STARTED, OutputState.DRAFT, OutputState.SENT_BACK)
OWED = WRITABLE  # the city still has to do something
SETTLED = (OutputState.ACCEPTED, OutputState.WAIVED)

OUTPUT_MOVES = Table.of(
    ("begin", [OutputState.NOT_STARTED], OutputState.DRAFT),
    ("submit", [OutputState.DRAFT, OutputState.SENT_BACK], OutputState.SUBMITTED),
    ("send_back", [OutputState.SUBMITTED], OutputState.SENT_BACK),
    ("accept", [OutputState.SUBMITTED], OutputState.ACCEPTED),
    ("reopen", [OutputState.ACCEPTED], OutputState.SENT_BACK),
    ("waive", [*WRITABLE, OutputState.SUBMITTED], OutputState.WAIVED),
    ("unwaive", [OutputState.WAIVED], OutputState.DRAFT),
)


class DocumentState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RENDERING = "rendering", _("Being rendered")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class LearnerSide(models.TextChoices):
    TWIN = "twin", _("Twin")
    HOST = "host", _("Host")


class LearningType(models.TextChoices):
    TECHNICAL = "technical", _("Technical: tools, methods, calculation")
    CONCEPTUAL = "conceptual", _("Conceptual: a new way to see the problem")
    SOCIAL = "social", _("Social: how people and organisations work together")


class ActivityKind(models.TextChoices):
    VISIT = "visit", _("Site visit")
    WORKSHOP = "workshop", _("Workshop")
    EXPERT = "expert", _("Expert")
    DOCUMENT = "document", _("Document")
    CALL = "call", _("Call")


class ObjectiveState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    ANSWERED = "answered", _("Answered")
    DROPPED = "dropped", _("Dropped")


class Audience(models.TextChoices):
    SHARED = "shared", _("Shared with the city and the host")
    INTERNAL = "internal", _("Internal, for facilitators")


class Verdict(models.TextChoices):
    SENT_BACK = "sent_back", _("Sent back")
    ACCEPTED = "accepted", _("Accepted")
