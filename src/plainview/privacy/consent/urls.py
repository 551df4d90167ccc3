"""Addresses of the choices."""

from django.urls import path

from plainview.privacy.consent import device_views, news_views, views

urlpatterns = [
    path("privacy/choices/", views.choices, name="privacy-choices"),
    path("privacy/news/", news_views.choose, name="privacy-news"),
    path("privacy/devices/", device_views.devices, name="privacy-devices"),
    path("privacy/opt-out/", views.opt_out, name="privacy-opt-out"),
]
