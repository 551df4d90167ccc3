"""The root of the API: `/api/v1/…`, described at `/api/openapi.json`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from plainview.platform.addresses import absolute
from plainview.privacy.consent import api as choices
from plainview.privacy.gate.doors import serves_all
from plainview.privacy.policies import Controller, controller
from plainview.privacy.receipts import api as receipts
from plainview.privacy.requests import api as requests
from plainview.web import programme_api
from plainview.web.errors import problem

DESCRIPTION = """\
The programme, for whoever wants to read it, and the privacy choices of a device or an account,
for apps, televisions and the site's own pages.

The programme needs no key and knows nobody. It is cached and validated by `ETag`; where something
may be watched is decided by the place of the request. Pages of any origin may read it, and the
pictures and subtitles that it names, without credentials; everything else here is for this origin's
own pages and for programs that are no pages.

For the choices, who asks is told by `Authorization: Bearer …` (an app that a member connected) or
by what the device was handed to keep (`Plainview-Device`).

Words come in the language of `Accept-Language`, or of `?lang=`. A version stays as it is: names may
be added to what is answered, nothing is taken away.
"""

READING = {
    "purpose": "browse",
    "may": ["availability", "playback"],
    "source": "use",
    "everyone": "",
}
ASKING = {
    "purpose": "rights",
    "may": ["account", "privacy-choices"],
    "source": "form",
    "everyone": "",
}
REQUESTS = ("requests", "request")
PROGRAMME = frozenset(each.url_name for each in programme_api.operations())
DESCRIBED = "openapi-json"
JSON, PROBLEM = "application/json", "application/problem+json"
BAD = 400


class Description(OpenAPISchema):
    """Ninja's, but it says where a token may be left out."""

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """What tells who asks; the empty one says that nothing has to (OpenAPI 3.1, 4.8.10)."""
        told = super().operation_security(operation)
        if told is not None and choices.anybody in operation.auth_callbacks:
            told.append({})
        return told


class Described(NinjaAPI):
    """Ninja's, but its description says who answers, and of which type problems are (RFC 9457)."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description of every operation, with controller, terms and notice (P0a)."""
        prefix = options.get("path_prefix")
        root = self.get_root_path({}) if prefix is None else prefix
        return _description(self, root, controller(), absolute())


@lru_cache(maxsize=4)
def _description(api: NinjaAPI, root: str, who: Controller, at: str) -> OpenAPISchema:
    """Made once: a tenth of a second, for anybody who asks."""
    schema = Description(api, root)
    schema["info"]["contact"] = {"name": who.name, "email": who.email}
    schema["info"]["termsOfService"] = f"{at}{reverse('terms')}"
    schema["externalDocs"] = {"description": "Privacy notice", "url": f"{at}{reverse('notice')}"}
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= BAD and JSON in answer.get("content", {}):
                    answer["content"] = {PROBLEM: answer["content"][JSON]}
    return schema


api = Described(
    title="Plainview",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("/v1", choices.router)
api.add_router("/v1", receipts.router)
api.add_router("/v1/privacy", requests.router)
api.add_router("/v1", programme_api.router)


@api.exception_handler(HttpError)
def _error(request: HttpRequest, error: HttpError) -> HttpResponse:
    answer = problem(error.status_code, str(error))
    if isinstance(error, programme_api.TooMany | choices.TooOften):
        answer["Retry-After"] = str(error.wait)
    return answer


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = problem(401, "the token is not good, or no longer")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def _unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What does not fit, by place; never what was sent, which may be about somebody."""
    places = [
        f"{'.'.join(str(part) for part in each['loc'][2:]) or 'body'}: {each['msg']}"
        for each in error.errors
    ]
    return problem(422, "the request does not fit its description", places)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "there is nothing here")


def _head_as_get(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer HEAD as GET, whose body the server leaves out (RFC 9110, 9.3.2)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "HEAD":
            request.method = "GET"
        response = view(request, *args, **kwargs)
        allowed = response.get("Allow", "").split(", ")
        if "GET" in allowed and "HEAD" not in allowed:
            response["Allow"] = ", ".join([*allowed, "HEAD"])
        return response

    return answered


def urls() -> Any:
    """Every address of the API as a door."""
    patterns, app, namespace = api.urls
    read = {}
    for pattern in patterns:
        view: Any = pattern.callback
        name = getattr(pattern, "name", "")
        if name in PROGRAMME or name == DESCRIBED:
            pattern.callback = _head_as_get(programme_api.open_to_all(view))
            read[name] = READING
        else:
            pattern.callback = _head_as_get(never_cache(view))
        if name in REQUESTS:
            read[name] = ASKING
    doors = (patterns, app, namespace)
    return serves_all(doors, "privacy-choices", may=["account"], source="form", but=read)
