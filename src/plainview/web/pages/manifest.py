"""The site's name and sign: the web app manifest, and the icon for whoever asks by its old name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.cache import patch_cache_control

from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import controller


@serves("browse", source="use")
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, colours and icon; the operator's name comes from the policy."""
    response = JsonResponse(
        {
            "name": controller().name,
            "short_name": controller().name,
            "start_url": "/",
            "display": "standalone",
            "background_color": "#14100d",
            "theme_color": "#14100d",
            "icons": [
                {"src": static("icon.svg"), "type": "image/svg+xml", "sizes": "any"},
                {
                    "src": static("icon-512.png"),
                    "type": "image/png",
                    "sizes": "512x512",
                    "purpose": "maskable",
                },
            ],
        },
        content_type="application/manifest+json",
    )
    patch_cache_control(response, public=True, max_age=3600)
    return response


@serves("browse", source="use")
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon, for programs that read no page before they ask for it; many draw no SVG."""
    response = HttpResponseRedirect(static("icon-180.png"))
    patch_cache_control(response, public=True, max_age=3600)
    return response
