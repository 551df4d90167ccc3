from django.apps import AppConfig


class Playback(AppConfig):
    name = "plainview.domains.playback"
    label = "playback"
