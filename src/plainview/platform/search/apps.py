from django.apps import AppConfig


class Search(AppConfig):
    name = "plainview.platform.search"
    label = "search"
