"""Addresses of receipts."""

from __future__ import annotations

from django.urls import path

from plainview.privacy.receipts import views

urlpatterns = [
    path("privacy/receipts/", views.history, name="privacy-receipts"),
    path("privacy/receipts/<uuid:key>/", views.receipt, name="privacy-receipt"),
    path("privacy/receipts/<uuid:key>.json", views.receipt_file, name="privacy-receipt-file"),
    path("privacy/receipts/<uuid:key>/shown/", views.shown, name="privacy-receipt-shown"),
    path("privacy/receipts/<uuid:key>/hand/", views.hand_over, name="privacy-receipt-hand"),
    path("privacy/handed/<str:code>/", views.handed, name="privacy-handed"),
    path("privacy/style/fonts/<slug:name>.woff2", views.font, name="privacy-style-font"),
    path("privacy/style/<str:key>.css", views.style, name="privacy-style"),
]
