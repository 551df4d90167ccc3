from django.apps import AppConfig


class Accounts(AppConfig):
    name = "plainview.domains.accounts"
    label = "accounts"
