from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "twinning.portal"
    label = "portal"
