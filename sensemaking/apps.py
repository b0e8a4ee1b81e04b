from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SensemakingConfig(AppConfig):
    name = "sensemaking"
    verbose_name = _("Sensemaking")
