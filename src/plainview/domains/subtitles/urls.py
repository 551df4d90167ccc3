"""Addresses of the studio, under /studio/."""

from django.urls import path

from plainview.domains.subtitles.views import (
    acts,
    desk,
    editor,
    files,
    lines,
    live,
    replacing,
    teams,
)

urlpatterns = [
    path("", desk.home, name="studio"),
    path("help/", desk.guide, name="studio-help"),
    path("mine/", desk.mine, name="studio-mine"),
    path("terms/", desk.terms, name="studio-terms"),
    path("invitations/<str:key>/", teams.invitation, name="studio-invitation"),
    path("<str:key>/", desk.video, name="studio-video"),
    path("<str:key>/team/", teams.title_team, name="studio-title-team"),
    path("<str:key>/<str:language>/", editor.editor, name="studio-editor"),
    path("<str:key>/<str:language>/report/", lines.report, name="studio-report"),
    path("<str:key>/<str:language>/team/", teams.team, name="studio-team"),
    path("<str:key>/<str:language>/pass/", teams.hand_on, name="studio-pass"),
    path("<str:key>/<str:language>/files/", files.files, name="studio-files"),
    path("<str:key>/<str:language>/act/", acts.act, name="studio-act"),
    path("<str:key>/<str:language>/lines.json", lines.everything, name="studio-lines"),
    path("<str:key>/<str:language>/lines.<str:ending>", files.file, name="studio-file"),
    path("<str:key>/<str:language>/changes.json", lines.changes, name="studio-changes"),
    path("<str:key>/<str:language>/find/", replacing.find, name="studio-find"),
    path("<str:key>/<str:language>/live/", live.stream, name="studio-live"),
    path("<str:key>/<str:language>/<int:segment>/", lines.history, name="studio-history"),
    path("<str:key>/<str:language>/<int:segment>/settle/", lines.settle, name="studio-settle"),
]
