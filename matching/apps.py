from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from twinning.audit.registry import register_verbs  # noqa: PLC0415 registration: apps must be loaded

        from . import rules  # noqa: F401, PLC0415
        from .audit_verbs import VERBS  # noqa: PLC0415

        register_verbs(VERBS)
