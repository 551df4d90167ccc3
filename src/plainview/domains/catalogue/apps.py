from django.apps import AppConfig


class Catalogue(AppConfig):
    name = "plainview.domains.catalogue"
    label = "catalogue"
