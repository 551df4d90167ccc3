"""Doors of the cinema."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.views import View
from tests.gate.cinema.models import Member, Viewing

from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import current, entering
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


@serves("playback", may=["service", "recommend"], source="use", about="member")
def theirs(request, member):
    """About somebody else; what it does is in the query."""
    asked = request.GET.get("ask", "read")
    if asked == "nothing":
        return HttpResponse("nothing was read")
    if asked == "write":
        Viewing.objects.create(member_id=int(request.GET["to"]), film_id=1, minutes=1)
    if asked == "oneself":
        with entering("playback", oneself=True):
            own = list(Viewing.objects.values_list("minutes", flat=True))
        theirs = list(Viewing.objects.values_list("minutes", flat=True))
        return JsonResponse({"own": own, "theirs": theirs})
    if asked == "refusable":
        with entering("recommend"):
            return JsonResponse(
                {"minutes": list(Viewing.objects.values_list("minutes", flat=True))}
            )
    if asked == "sign-in":
        current().life.become(3)
    return JsonResponse({"minutes": list(Viewing.objects.values_list("minutes", flat=True))})


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
