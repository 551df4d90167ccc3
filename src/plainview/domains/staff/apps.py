from django.apps import AppConfig


class Staff(AppConfig):
    name = "plainview.domains.staff"
    label = "staff"
