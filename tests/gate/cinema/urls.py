from django.urls import include, path
from tests.gate.cinema import third_party, views

from plainview.privacy.gate.doors import serves_all

urlpatterns = [
    path("mine/", views.mine),
    path("both/", views.Both.as_view()),
    path("overreach/", views.overreach),
    path("theirs/<int:member>/", views.theirs),
    path("no-door/", views.no_door),
    path("late/", views.rendered_late),
    path("streamed/", views.streamed),
    path("record/", views.record),
    path("session/", views.with_session),
    path(
        "third/",
        serves_all(
            include(third_party),
            "service",
            but={"names": {"purpose": "community", "everyone": "names are shown to members"}},
        ),
    ),
]
