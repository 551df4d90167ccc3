"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from plainview.web.pages import (
    design,
    documents,
    groups,
    history,
    home,
    keeping,
    legal,
    manifest,
    my,
    oembed,
    open,
    outbox,
    place,
    playing,
    preview,
    search,
    searched,
    setup,
    title,
    tongues,
    watch,
)

SHORTENED = ("titles", "collections", "genres", "tags", "people", "watch")
"""What is left of an address whose last part somebody took away."""

urlpatterns = [
    path("", home.home, name="home"),
    path("titles/<str:slug>/", title.title, name="title"),
    path("collections/<str:slug>/", groups.collection, name="collection"),
    path("genres/<str:slug>/", groups.genre, name="genre"),
    path("tags/<str:slug>/", groups.tag, name="tag"),
    path("people/<str:slug>/", groups.person, name="person"),
    path("watch/<str:key>/", watch.watch, name="watch"),
    path("watch/<str:key>/playing/", playing.playing, name="playing"),
    path("watch/<str:key>/transcript/", watch.transcript, name="transcript"),
    path("embed/<str:key>/", watch.embed, name="embed"),
    path("my/", my.going_on, name="continue"),
    path("my/history/", my.history, name="history"),
    path("my/pause/", my.pause, name="pause"),
    path("my/list/", keeping.later, name="list"),
    path("my/favourites/", keeping.favourites, name="favourites"),
    path("my/follows/", keeping.follows, name="follows"),
    path("my/ratings/", keeping.ratings, name="ratings"),
    path("my/keep/", keeping.keep, name="keep"),
    path("my/rate/", keeping.rate, name="rate"),
    path("my/take-over/", keeping.take_over, name="take-over"),
    path("my/forget/", my.forget, name="forget"),
    path("my/searches/", searched.searches, name="searches"),
    path("my/searches/forget/", searched.forget, name="forget-search"),
    path("search/", search.search, name="search"),
    *(path(f"{place}/", search.programme) for place in SHORTENED),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    path("setup/", setup.setup, name="setup"),
    path("feed.rss", open.feed, name="feed"),
    path("robots.txt", open.robots, name="robots"),
    path("sitemap.xml", open.sitemap_index, name="sitemap-index"),
    path("sitemap-<int:part>.xml", open.sitemap, name="sitemap"),
    path("oembed/", oembed.oembed, name="oembed"),
    path("titles/<str:slug>/languages/", tongues.live, name="title-languages"),
    path("titles/<str:slug>/remind/", title.remind, name="remind"),
    path("desk/preview/", preview.preview, name="desk-preview-home"),
    path("desk/preview/<str:slug>/", preview.preview, name="desk-preview"),
    path("desk/design/", design.design, name="desk-design"),
    path("legal/", documents.legal),
    path("legal/privacy/", documents.privacy, name="notice"),
    path("legal/privacy/versions/", history.versions, name="notice-versions"),
    path("legal/privacy/<str:version>/changes/", history.changes, name="notice-changes"),
    path("legal/privacy/<str:version>/policy.tar", history.archive, name="notice-archive"),
    path("legal/privacy/<str:version>/", documents.privacy, name="notice-version"),
    *(
        each
        for name in ("terms", "accessibility", "imprint")
        for each in (
            path(f"legal/{name}/", documents.document, {"name": name}, name=name),
            path(f"legal/{name}/<str:version>/", documents.document, {"name": name}),
        )
    ),
    path("legal/place/", place.place, name="legal-place"),
    path("legal/cookies/", legal.cookies, name="cookies"),
    path("legal/cookies.json", legal.cookies_json, name="cookies-json"),
    path(".well-known/gpc.json", legal.gpc_json, name="gpc-json"),
    path("desk/outbox/", outbox.outbox, name="desk-outbox"),
    path("favicon.ico", manifest.favicon, name="favicon"),
    path("apple-touch-icon.png", manifest.favicon),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
]
