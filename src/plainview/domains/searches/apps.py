from django.apps import AppConfig


class Searches(AppConfig):
    name = "plainview.domains.searches"
    label = "searches"
