"""Addresses of requests: for everybody, and for the person at the door."""

from __future__ import annotations

from django.urls import path

from plainview.privacy.requests import views

urlpatterns = [
    path("privacy/request/<str:number>/<str:secret>/", views.status, name="privacy-request-status"),
]
