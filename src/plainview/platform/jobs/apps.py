from django.apps import AppConfig


class Jobs(AppConfig):
    name = "plainview.platform.jobs"
    label = "jobs"
