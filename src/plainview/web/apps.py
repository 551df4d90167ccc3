from django.apps import AppConfig


class Web(AppConfig):
    name = "plainview.web"
    label = "web"
