"""Addresses of what changed."""

from __future__ import annotations

from django.urls import path

from plainview.privacy.changes import views

urlpatterns = [path("privacy/changes/", views.changes, name="privacy-changes")]
