"""Addresses of what people see of versions."""

from __future__ import annotations

from django.urls import path

from plainview.privacy.versions import views

urlpatterns = [path("privacy/then/", views.on_a_day, name="privacy-then")]
