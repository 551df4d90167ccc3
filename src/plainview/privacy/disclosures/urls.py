"""Addresses of what leaves: the person's page, and the calls of recipients and mailers."""

from django.urls import path

from plainview.privacy.disclosures import views

DEVICE = {"whose": views.DEVICE}

urlpatterns = [
    path("privacy/disclosures/", views.received, name="privacy-disclosures"),
    path("privacy/device/disclosures/", views.received, DEVICE, name="privacy-device-disclosures"),
    path("mail/stop/<str:token>/", views.stop, name="mail-stop"),
    path("mail/returned/", views.returned, name="mail-returned"),
    path("mail/events/", views.events, name="mail-events"),
    path("recipients/<str:recipient>/feed/", views.feed, name="recipient-feed"),
    path("recipients/<str:recipient>/recalls/<str:key>/", views.confirm, name="recipient-confirm"),
]
