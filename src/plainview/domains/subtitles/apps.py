from django.apps import AppConfig


class SubtitlesApp(AppConfig):
    name = "plainview.domains.subtitles"
    label = "subtitles"
