"""Addresses of the account's own pages; signing in and security are django-allauth's."""

from django.urls import path
from django.views.generic import RedirectView

from plainview.domains.accounts import views
from plainview.privacy.gate.doors import serves

to_password = serves("authentication", source="use")(
    RedirectView.as_view(pattern_name="account_change_password")
)

urlpatterns = [
    path("accounts/login/", views.sign_in, name="account_login"),
    path("accounts/password/reset/", views.reset, name="account_reset_password"),
    path("accounts/signup/", views.register, name="account_signup"),
    path("accounts/security/webauthn/login/", views.passkey, name="mfa_login_webauthn"),
    path("accounts/email/", views.change_address, name="account_email"),
    path("accounts/email/lost/", views.lost_address, name="lost-address"),
    path("accounts/email/keep/<str:key>/", views.keep_address, name="keep-address"),
    path("accounts/email/back/<str:key>/", views.take_back, name="take-back"),
    path("accounts/confirm-email/<str:key>/", views.confirm_address, name="account_confirm_email"),
    path("accounts/security/totp/activate/", views.show_codes, name="mfa_activate_totp"),
    path("accounts/sessions/", views.sessions, name="sessions"),
    path("settings/", views.settings, name="settings"),
    path("settings/profile/", views.profile, name="settings-profile"),
    path("settings/about/", views.about, name="settings-about"),
    path("members/<str:key>/", views.member, name="member"),
    path("members/<str:key>/picture/", views.picture, name="member-picture"),
    path("settings/place/", views.place, name="settings-place"),
    path("accounts/password/", to_password, name="password"),
    path(".well-known/change-password", to_password, name="change-password"),
]
