"""Addresses of messages to browsers."""

from __future__ import annotations

from django.urls import path

from plainview.privacy.push import views
from plainview.privacy.push.services import WORKER

urlpatterns = [
    path("privacy/push/", views.turn, name="privacy-push"),
    path(WORKER.lstrip("/"), views.worker, name="push-worker"),
]
