"""Every address of the service, in the order of the map of doors (docs/doors.md)."""

from django.urls import include, path

from plainview.domains.catalogue import views as catalogue
from plainview.domains.playback import views as playback
from plainview.domains.staff.views import people
from plainview.domains.subtitles.views import tracks as subtitles
from plainview.privacy.gate.doors import serves_all
from plainview.web import api, language, operations
from plainview.web.pages import urls as pages

# Where somebody without a session is looked for among all accounts, by address or by a mailed link.
_LOOKED_FOR = {"everyone": "who is at the door is what it finds out"}
STRANGERS = dict.fromkeys(
    (
        "account_login",
        "account_signup",
        "account_confirm_email",
        "account_reset_password",
        "account_reset_password_from_key",
    ),
    _LOOKED_FOR,
)
NOT_YET_SIGNED_IN = {"mfa_authenticate": _LOOKED_FOR}

urlpatterns = [
    path("", include(pages)),
    path("stream/<str:key>/<str:name>", playback.stream, name="stream"),
    path("stream/<str:token>/<str:key>/<str:name>", playback.stream_file, name="stream-file"),
    path("watch/<str:key>/signal/", playback.signal, name="signal"),
    path("watch/<str:key>/report/", playback.report, name="report"),
    path("settings/player/", playback.preferences, name="player-preferences"),
    path("subtitles/<str:key>/<str:language>.vtt", subtitles.webvtt, name="subtitles"),
    path("subtitles/<str:key>/<str:language>.m3u8", subtitles.playlist, name="subtitles-playlist"),
    path("artwork/<str:name>", catalogue.artwork, name="artwork"),
    path("language/", language.choose, name="language"),
    # Before allauth: some of its pages are ours.
    path("", include("plainview.domains.accounts.urls")),
    path(
        "accounts/",
        serves_all(
            include("allauth.account.urls"), "authentication", may=["account"], but=STRANGERS
        ),
    ),
    path(
        "accounts/security/",
        serves_all(
            include("allauth.mfa.urls"), "authentication", may=["account"], but=NOT_YET_SIGNED_IN
        ),
    ),
    path("studio/", include("plainview.domains.subtitles.urls")),
    path("", include("plainview.domains.support.urls")),
    path("settings/looks/", people.looks, name="looks"),
    path("desk/", include("plainview.domains.staff.urls")),
    path("", include("plainview.privacy.urls")),
    path("api/", api.urls()),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("metrics", operations.metrics, name="metrics"),
    path(".well-known/security.txt", operations.security_txt, name="security-txt"),
]

handler400 = "plainview.web.errors.bad_request"
handler403 = "plainview.web.errors.forbidden"
handler404 = "plainview.web.errors.not_found"
handler429 = "plainview.web.errors.too_many"
handler500 = "plainview.web.errors.server_error"
