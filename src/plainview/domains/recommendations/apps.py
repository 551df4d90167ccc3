from django.apps import AppConfig


class Recommendations(AppConfig):
    name = "plainview.domains.recommendations"
    label = "recommendations"
