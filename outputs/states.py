"""States of outputs and of their documents, in the words that EU officers know."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.jobs import JobState
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


DocumentState = JobState


class DocumentFormat(models.TextChoices):
    """Files that a worker makes; the quick ones (Word, spreadsheet, data) are made when they are asked for."""

    PDF = "pdf", _("PDF")
    ARCHIVAL = "pdfa", _("PDF for the archive, with data")
    FOLDER = "zip", _("Folder of the city")


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


class Degree(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class StakeholderKind(models.TextChoices):
    OWN_DEPARTMENT = "own_department", _("Own department")
    PUBLIC = "public", _("Other public body")
    UTILITY = "utility", _("Utility")
    BUSINESS = "business", _("Business")
    FINANCE = "finance", _("Finance")
    RESEARCH = "research", _("Research")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    CITIZENS = "citizens", _("Citizens")
    MEDIA = "media", _("Media")


class StakeholderPart(models.TextChoices):
    """What a stakeholder has to do with the transfer."""

    DECIDES = "decides", _("Decides about it")
    HELPS = "helps", _("Can help it")
    AFFECTED = "affected", _("Is affected by it")


class WantedRole(models.TextChoices):
    INFORM = "inform", _("Inform")
    CONSULT = "consult", _("Consult")
    INVOLVE = "involve", _("Involve")
    COLLABORATE = "collaborate", _("Collaborate")
    EMPOWER = "empower", _("Empower")


class Readiness(models.TextChoices):
    """What a city rates of its readiness to involve others."""

    MANDATE = "mandate", _("Mandate")
    STAFF_TIME = "staff_time", _("Staff time")
    DEPARTMENTS = "departments", _("Links across departments")
    PARTNERS = "partners", _("Network of partners")
    RESOURCES = "resources", _("Resources")


class ConditionKind(models.TextChoices):
    """What a practice depends on."""

    LAW = "law", _("Law")
    COMPETENCE = "competence", _("Competence to decide")
    MONEY = "money", _("Money")
    SKILLS = "skills", _("Skills")
    DATA = "data", _("Data")
    PARTNERS = "partners", _("Partners")
    CULTURE = "culture", _("Culture")
    TIME = "time", _("Time")


class ConditionState(models.TextChoices):
    PRESENT = "present", _("Present")
    PARTLY = "partly", _("Partly")
    MISSING = "missing", _("Missing")
    UNKNOWN = "unknown", _("Unknown")


class TransferVerdict(models.TextChoices):
    ADOPT = "adopt", _("Adopt")
    ADAPT = "adapt", _("Adapt")
    INSPIRE = "inspire", _("Be inspired")
    REJECT = "reject", _("Reject")


TAKEN_OVER = (TransferVerdict.ADOPT, TransferVerdict.ADAPT)


class PoliticalStatus(models.TextChoices):
    IDEA = "idea", _("Idea")
    ENDORSED = "endorsed", _("Endorsed")
    BUDGETED = "budgeted", _("Budgeted")
    STARTED = "started", _("Started")
    DONE = "done", _("Done")


class StepState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")


class FundingKind(models.TextChoices):
    OWN = "own", _("Own budget")
    NATIONAL = "national", _("National or regional programme")
    EUROPEAN = "european", _("European programme")
    LOAN = "loan", _("Loan")
    PRIVATE = "private", _("Private money")
    OTHER = "other", _("Other")


class FundingState(models.TextChoices):
    OPEN = "open", _("Not asked for yet")
    APPLIED = "applied", _("Applied for")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class GroupKind(models.TextChoices):
    """Who comes to an info session."""

    DEPARTMENT = "department", _("Own department")
    POLITICS = "politics", _("Council or mayor’s office")
    PARTNER = "partner", _("Outside partner")
    CITIZENS = "citizens", _("Citizens")


class SessionForm(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("Both")


class FollowUpKind(models.TextChoices):
    DECISION = "decision", _("Decision")
    FOLLOW_UP = "follow_up", _("Follow-up")


class ReviewMark(models.TextChoices):
    """A reviewer's answer to one question of the checklist."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class FactVerdict(models.TextChoices):
    """What a host says about a statement that concerns it."""

    RIGHT = "right", _("Right")
    NOT_RIGHT = "not_right", _("Not right")
