from django.apps import AppConfig


class Library(AppConfig):
    name = "plainview.domains.library"
    label = "library"
