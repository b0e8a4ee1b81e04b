from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SensemakingConfig(AppConfig):
    name = "sensemaking"
    verbose_name = _("Sensemaking")

    def ready(self) -> None:
        from outputs.registry import Tracer, register_tracer  # noqa: PLC0415 registration: apps must be loaded
        from twinning.audit.registry import register_verbs  # noqa: PLC0415

        from . import rules  # noqa: F401, PLC0415
        from .audit_verbs import VERBS  # noqa: PLC0415
        from .selectors.lineage import traces_of, traces_url  # noqa: PLC0415

        register_verbs(VERBS)
        register_tracer(Tracer(("actions", "candidates"), traces_of, traces_url))
