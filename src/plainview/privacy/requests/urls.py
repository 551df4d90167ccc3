"""Addresses of requests: for everybody, and for the person at the door."""

from django.urls import path

from plainview.privacy.requests import matters, views

urlpatterns = [
    path("privacy/request/", views.public, name="privacy-request"),
    path("privacy/request/state/", views.public, {"american": True}, name="privacy-request-state"),
    path(
        "privacy/request/<str:number>/prove/<str:token>/",
        views.prove,
        name="privacy-request-prove",
    ),
    path("privacy/request/<str:number>/<str:secret>/", views.status, name="privacy-request-status"),
    path(
        "privacy/request/<str:number>/<str:secret>/copy/", views.copy, name="privacy-request-copy"
    ),
    path("privacy/wrong/", matters.wrong, name="privacy-wrong"),
    path("privacy/decisions/", matters.decisions, name="privacy-decisions"),
    path("privacy/requests/", views.mine, name="privacy-requests"),
    path("privacy/requests/new/", views.new, name="privacy-request-new"),
    path("privacy/requests/<str:number>/", views.one, name="privacy-request-mine"),
]
