"""Addresses of the log: a page to read, and what whoever checks us fetches."""

from __future__ import annotations

from django.urls import path

from plainview.privacy.log import views

urlpatterns = [
    path("legal/log/", views.page, name="log"),
    path("legal/log/check/", views.check, name="log-check"),
    path("legal/log/checkpoint", views.checkpoint, name="log-checkpoint"),
    path("legal/log/heads.txt", views.heads, name="log-heads"),
    path("legal/log/heads/<int:number>.txt", views.head, name="log-head"),
    path("legal/log/stamps/<int:number>.tsr", views.stamp, name="log-stamp"),
    path("legal/log/keys.json", views.keys, name="log-keys"),
    path("legal/log/consistency.json", views.consistency, name="log-consistency"),
    path("legal/log/plainview-verify.py", views.verifier, name="log-verifier"),
]
