"""Addresses of what people see of their privacy."""

from django.urls import include, path

from plainview.privacy import views
from plainview.privacy.consent import snippets
from plainview.privacy.consent.giving import reads

reads(snippets.FORM, snippets.answered)

urlpatterns = [
    path("privacy/used/", views.page_used, name="privacy-used"),
    path("privacy/snippet/", snippets.snippet, name="privacy-snippet"),
    path("privacy/", include("plainview.privacy.breaches.urls")),
    path("", include("plainview.privacy.consent.urls")),
    path("", include("plainview.privacy.log.urls")),
    path("", include("plainview.privacy.requests.urls")),
    path("", include("plainview.privacy.rights.urls")),
    path("", include("plainview.privacy.disclosures.urls")),
    path("", include("plainview.privacy.receipts.urls")),
    path("", include("plainview.privacy.post.urls")),
    path("", include("plainview.privacy.push.urls")),
    path("", include("plainview.privacy.versions.urls")),
    path("", include("plainview.privacy.changes.urls")),
]
