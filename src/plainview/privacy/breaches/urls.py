"""The address at which the site tells of breaches."""

from django.urls import path

from plainview.privacy.breaches import views

urlpatterns = [path("breaches/", views.told, name="privacy-breaches")]
