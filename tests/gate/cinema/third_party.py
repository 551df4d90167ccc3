"""Urls as a third party brings them: views that know nothing of doors."""

from django.http import JsonResponse
from django.urls import include, path
from django.views import View
from tests.gate.cinema.models import Member


def emails(request):
    return JsonResponse({"emails": list(Member.objects.values_list("email", flat=True))})


class Names(View):
    def get(self, request):
        return JsonResponse({"names": list(Member.objects.values_list("name", flat=True))})


urlpatterns = [
    path("emails/", emails, name="emails"),
    path("deep/", include([path("names/", Names.as_view(), name="names")])),
]
