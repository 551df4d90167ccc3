"""Addresses of what changed."""

from django.urls import path

from plainview.privacy.changes import views

urlpatterns = [path("privacy/changes/", views.changes, name="privacy-changes")]
