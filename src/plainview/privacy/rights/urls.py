"""Addresses of the rights desk: once for the person at the door, once for the device alone."""

from django.urls import path

from plainview.privacy.rights import views
from plainview.privacy.rights.bringing import machines
from plainview.privacy.rights.bringing import views as bringing
from plainview.privacy.rights.copies import views as copying
from plainview.privacy.rights.doorway import DEVICE as _DEVICE
from plainview.privacy.rights.sending import views as sending

DEVICE = {"whose": _DEVICE}

urlpatterns = [
    path("privacy/", views.overview, name="privacy-overview"),
    path("privacy/held/<str:category>/", views.held, name="privacy-held"),
    path("privacy/copy/", copying.copy, name="privacy-copy"),
    path("privacy/copy/<str:key>/", copying.fetch, name="privacy-copy-fetch"),
    path("legal/copy-key.pem", copying.key, name="copy-key"),
    path("privacy/statement/", views.statement, name="privacy-statement"),
    path("privacy/bring/", bringing.bring, name="privacy-bring"),
    path("privacy/send/", sending.send, name="privacy-send"),
    path("privacy/invited/<str:name>/", machines.invitation, name="privacy-invitation"),
    path("privacy/invited/<str:name>/<str:act>/", machines.invited, name="privacy-invited"),
    path("privacy/leave/", views.leave, name="privacy-leave"),
    path("privacy/leave/confirm/", views.confirm, name="privacy-leave-confirm"),
    path("privacy/left/<str:key>/", views.left, name="privacy-left"),
    path("privacy/left/<str:key>/report.json", views.left_report, name="privacy-left-report"),
    path("privacy/device/", views.overview, DEVICE, name="privacy-device-overview"),
    path("privacy/device/held/<str:category>/", views.held, DEVICE, name="privacy-device-held"),
    path("privacy/device/copy/", copying.copy, DEVICE, name="privacy-device-copy"),
    path("privacy/device/copy/<str:key>/", copying.fetch, DEVICE, name="privacy-device-copy-fetch"),
    path("privacy/device/statement/", views.statement, DEVICE, name="privacy-device-statement"),
    path("privacy/device/leave/", views.leave, DEVICE, name="privacy-device-leave"),
    path(
        "privacy/device/leave/confirm/", views.confirm, DEVICE, name="privacy-device-leave-confirm"
    ),
]
