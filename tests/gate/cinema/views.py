"""Doors of the cinema."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.views import View
from tests.gate.cinema.models import Member, Viewing

from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.used import sign, used_by


@login_not_required
@serves("playback", source="use")
def mine(request):
    return JsonResponse({"minutes": list(Viewing.objects.values_list("minutes", flat=True))})


@serves("playback", may=["recommend"], everyone="the tests look at everyone")
class Both(View):
    def get(self, request):
        own = list(Viewing.objects.values_list("minutes", flat=True))
        with entering("recommend"):
            allowed = list(Viewing.objects.values_list("minutes", flat=True))
        return JsonResponse({"own": own, "allowed": allowed})


@serves("playback")
def overreach(request):
    return HttpResponse(Member.objects.get().email)


def no_door(request):
    return HttpResponse(str(Viewing.objects.count()))


@serves("playback")
def rendered_late(request):
    template = engines["django"].from_string("{% for v in all %}{{ v.minutes }} {% endfor %}")
    return TemplateResponse(request, template, {"all": Viewing.objects.all()})


kept = []


@serves("playback")
def streamed(request):
    def rows():
        for viewing in Viewing.objects.all():
            yield f"{viewing.minutes} "
        kept.append(Viewing.objects.all())
        yield "."

    return StreamingHttpResponse(rows())


@serves("playback")
def record(request):
    list(Viewing.objects.all())
    return HttpResponse(sign(used_by(request)))


@serves("playback")
def with_session(request):
    request.session["_messages"] = "x"
    return HttpResponse("ok")
