from django.apps import AppConfig


class Support(AppConfig):
    name = "plainview.domains.support"
    label = "support"
