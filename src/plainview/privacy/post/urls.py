"""The address at which mail servers hand letters over."""

from django.urls import path

from plainview.privacy.post import views

urlpatterns = [path("post/letters/", views.arrived, name="post-letters")]
