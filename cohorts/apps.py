from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CohortsConfig(AppConfig):
    name = "cohorts"
    verbose_name = _("Cohorts")

    def ready(self) -> None:
        from twinning.audit.registry import register_verbs  # noqa: PLC0415 registration: apps must be loaded
        from twinning.mail.registry import register_folder, register_letters  # noqa: PLC0415
        from twinning.people.registry import register_grant, register_held_roles, register_role_lost  # noqa: PLC0415

        from . import rules  # noqa: F401, PLC0415
        from .audit_verbs import VERBS  # noqa: PLC0415
        from .mails import LETTERS  # noqa: PLC0415
        from .selectors.memberships import roles_held_by, visible_cohort  # noqa: PLC0415
        from .services.facilitation import end_facilitation  # noqa: PLC0415
        from .services.memberships import give_host_contact, give_membership  # noqa: PLC0415

        register_verbs(VERBS)
        register_letters(*LETTERS)
        register_folder(visible_cohort)
        register_held_roles(roles_held_by)
        register_role_lost(end_facilitation)
        register_grant("cohorts.membership", give_membership)
        register_grant("cohorts.host_contact", give_host_contact)
