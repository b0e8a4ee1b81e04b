"""Platform roles. Roles in a city or host belong to a participation in a cohort (`cohorts.models.membership`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlatformRole(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    COORDINATOR = "coordinator", _("Coordinator")
    FACILITATOR = "facilitator", _("Facilitator")
    OBSERVER = "observer", _("Observer")
    NONE = "", _("None (city or host only)")


# Who sees every cohort whole; a facilitator sees the cohorts of the pairings assigned to them.
SEES_ALL = (PlatformRole.ADMINISTRATOR, PlatformRole.COORDINATOR, PlatformRole.OBSERVER)
STEERS = (PlatformRole.ADMINISTRATOR, PlatformRole.COORDINATOR)
# Who may be assigned to a pairing.
FACILITATES = (*STEERS, PlatformRole.FACILITATOR)
