from django.apps import AppConfig


class Marketing(AppConfig):
    name = "plainview.domains.marketing"
    label = "marketing"
