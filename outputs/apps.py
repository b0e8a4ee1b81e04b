from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutputsConfig(AppConfig):
    name = "outputs"
    verbose_name = _("Outputs")

    def ready(self) -> None:
        from cohorts.registry import (  # noqa: PLC0415 registration: apps must be loaded
            register_event_part,
            register_follow_up,
            register_pairing_panel,
            register_preview,
        )
        from twinning.audit.registry import register_verbs  # noqa: PLC0415
        from twinning.mail.registry import register_letters  # noqa: PLC0415

        from . import rules  # noqa: F401, PLC0415
        from .audit_verbs import VERBS  # noqa: PLC0415
        from .mails import LETTERS  # noqa: PLC0415
        from .selectors.panel import ideas_of_visit, outputs_panel  # noqa: PLC0415
        from .services.planning import plan_outputs, preview_outputs, replan_cohort  # noqa: PLC0415

        register_verbs(VERBS)
        register_letters(*LETTERS)
        register_follow_up("pairing_confirmed", plan_outputs)
        register_follow_up("calendar_planned", replan_cohort)
        register_preview(preview_outputs)
        register_pairing_panel(outputs_panel)
        register_event_part(ideas_of_visit)
