"""Addresses of help and of copyright notices."""

from django.urls import path

from plainview.domains.support import views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("legal/copyright/", views.copyright_page, name="copyright"),
    path("legal/copyright/<str:version>/", views.copyright_page, name="copyright-version"),
    path("legal/copyright/<str:number>/<str:secret>/", views.followed, name="copyright-notice"),
    path("settings/strikes/", views.strikes, name="strikes"),
    path("settings/strikes/<str:number>/", views.counter_notice, name="counter-notice"),
]
