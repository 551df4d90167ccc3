"""Addresses of the rights desk: once for the person at the door, once for the device alone."""

from __future__ import annotations

from django.urls import path

from plainview.privacy.rights import views

DEVICE = {"whose": views.DEVICE}

urlpatterns = [
    path("privacy/", views.overview, name="privacy-overview"),
    path("privacy/held/<str:category>/", views.held, name="privacy-held"),
    path("privacy/copy/", views.copy, name="privacy-copy"),
    path("privacy/leave/", views.leave, name="privacy-leave"),
    path("privacy/leave/confirm/", views.confirm, name="privacy-leave-confirm"),
    path("privacy/left/<str:key>/", views.left, name="privacy-left"),
    path("privacy/left/<str:key>/report.json", views.left_report, name="privacy-left-report"),
    path("privacy/device/", views.overview, DEVICE, name="privacy-device-overview"),
    path("privacy/device/held/<str:category>/", views.held, DEVICE, name="privacy-device-held"),
    path("privacy/device/copy/", views.copy, DEVICE, name="privacy-device-copy"),
    path("privacy/device/leave/", views.leave, DEVICE, name="privacy-device-leave"),
    path(
        "privacy/device/leave/confirm/", views.confirm, DEVICE, name="privacy-device-leave-confirm"
    ),
]
