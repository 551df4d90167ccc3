"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from plainview.domains.staff import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("upload/", views.upload, name="desk-upload"),
    path("ingests/", views.ingests, name="desk-ingests"),
    path("ingests/<str:key>/", views.ingest, name="desk-ingest"),
    path("privacy/map/", views.data_map, name="desk-map"),
    path("titles/", views.titles, name="desk-titles"),
    path("titles/<str:slug>/", views.title, name="desk-title"),
]
