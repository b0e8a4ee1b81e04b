from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "twinning.core"
    label = "core"
