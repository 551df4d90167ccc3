"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path, register_converter

from plainview.domains.staff.views import (
    answering,
    answers,
    authorities,
    breaches,
    breaching,
    cases,
    catalogue,
    choices,
    collections,
    drafts,
    entering,
    figures,
    holds,
    letters,
    looking,
    news,
    notices,
    parts,
    people,
    post,
    privacy,
    programme,
    proofs,
    queue,
    removing,
    replacing,
    revisions,
    stepping,
    translations,
    uploading,
    versions,
    wording,
)
from plainview.platform.identifiers import is_id


class Number:
    """The number of a person, as addresses write it."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Raises ValueError, which is no match, for what is no number of anybody."""
        if not is_id(int(value)):
            raise ValueError(value)
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Number, "number")

urlpatterns = [
    path("", programme.desk, name="desk"),
    path("upload/", programme.upload, name="desk-upload"),
    path("upload/parts/", uploading.arrivals, name="desk-arrivals"),
    path("upload/parts/<str:address>/", uploading.arrival, name="desk-arrival"),
    path("ingests/", programme.ingests, name="desk-ingests"),
    path("ingests/<str:key>/", programme.ingest, name="desk-ingest"),
    path("titles/", catalogue.titles, name="desk-titles"),
    path("titles/<str:slug>/parts/<str:key>/", parts.parts, name="desk-parts"),
    path("titles/<str:slug>/edit/", catalogue.edit, name="desk-title-edit"),
    path("titles/<str:slug>/pictures/", catalogue.pictures, name="desk-title-pictures"),
    path("titles/<str:slug>/pictures/away/", removing.away, name="desk-title-away"),
    path("titles/<str:slug>/history/", revisions.history, name="desk-title-history"),
    path("exchange/", catalogue.exchange, name="desk-exchange"),
    path("exchange/catalogue.<str:form>", catalogue.export, name="desk-export"),
    path("collections/", collections.collections, name="desk-collections"),
    path("collections/<str:slug>/", collections.collection, name="desk-collection"),
    path("titles/<str:slug>/credits/", wording.credits, name="desk-title-credits"),
    path("titles/<str:slug>/episodes/", wording.episodes, name="desk-title-episodes"),
    *(
        path(f"words/{kind}/", wording.words, {"kind": kind}, name=f"desk-{kind}-words")
        for kind in wording.KINDS
    ),
    path("words/<str:kind>/<str:slug>/", wording.word, name="desk-word"),
    path("titles/<str:slug>/", programme.title, name="desk-title"),
    path("titles/<str:slug>/publishing/", programme.publishing, name="desk-title-publishing"),
    path("news/", news.told, name="desk-news"),
    path("news/<str:key>/end/", news.end, name="desk-news-end"),
    path("translations/", translations.overview, name="desk-translations"),
    path("translations/<str:language>/<str:part>/", translations.texts, name="desk-texts"),
    path("people/", people.people, name="desk-people"),
    path("people/roles/", people.roles, name="desk-roles"),
    path("people/<number:person>/", people.person, name="desk-person"),
    path("people/<number:person>/reason/", people.reason, name="desk-person-reason"),
    path("people/<number:person>/state/", people.state, name="desk-person-state"),
    path("people/<number:person>/delete/", people.deletion, name="desk-person-delete"),
    path("people/<number:person>/choices/", choices.choices, name="desk-person-choices"),
    path("people/<number:person>/authority/", authorities.authority, name="desk-person-authority"),
    path("people/<number:person>/holds/", holds.person, name="desk-person-holds"),
    path("copyright/", letters.notices, name="desk-copyright"),
    path("copyright/<str:number>/", letters.notice, name="desk-copyright-notice"),
    path("copyright/<str:number>/court/", letters.court, name="desk-copyright-court"),
    path("copyright/<str:number>/settle/", letters.settle, name="desk-copyright-settle"),
    path("privacy/letters/", post.letters, name="desk-letters"),
    path("privacy/letters/<str:key>/", post.letter, name="desk-letter"),
    path("privacy/letters/<str:key>/raw/", post.raw, name="desk-letter-raw"),
    path("privacy/requests/", queue.requests, name="desk-requests"),
    path("privacy/requests/new/", entering.enter, name="desk-request-enter"),
    path("privacy/requests/find/", queue.find, name="desk-requests-find"),
    path("privacy/requests/many/", queue.many, name="desk-requests-many"),
    path("privacy/requests/figures/", figures.figures, name="desk-figures"),
    path("privacy/requests/figures.csv", figures.figures_csv, name="desk-figures-csv"),
    path("privacy/requests/<str:number>/", cases.case, name="desk-request"),
    path("privacy/requests/<str:number>/hand/", cases.hand, name="desk-request-hand"),
    path("privacy/requests/<str:number>/word/", cases.word, name="desk-request-word"),
    path("privacy/requests/<str:number>/person/", looking.person, name="desk-request-person"),
    path(
        "privacy/requests/<str:number>/paper/<str:key>/", looking.paper, name="desk-request-paper"
    ),
    path("privacy/requests/<str:number>/why/", looking.why, name="desk-request-why"),
    path("privacy/requests/<str:number>/scan/", looking.scan, name="desk-request-scan"),
    path("privacy/requests/<str:number>/redact/", cases.redaction, name="desk-request-redact"),
    path("privacy/requests/<str:number>/address/", replacing.replace, name="desk-request-address"),
    path("privacy/requests/<str:number>/<slug:step>/", stepping.step, name="desk-request-step"),
    path("privacy/holds/", holds.holds, name="desk-holds"),
    path("privacy/holds/<number:hold>/", holds.opened, name="desk-hold"),
    path("privacy/breaches/", breaches.breaches, name="desk-breaches"),
    path("privacy/breaches/new/", breaches.enter, name="desk-breach-enter"),
    path("privacy/breaches/<str:number>/", breaches.breach, name="desk-breach"),
    path("privacy/breaches/<str:number>/facts/", breaches.facts, name="desk-breach-facts"),
    path("privacy/breaches/<str:number>/notice/", breaches.notice, name="desk-breach-notice"),
    path("privacy/breaches/<str:number>/notice.html", breaches.paper, name="desk-breach-paper"),
    path("privacy/breaches/<str:number>/letters/", breaching.letters, name="desk-breach-letters"),
    path(
        "privacy/breaches/<str:number>/unreached/",
        breaching.unreached,
        name="desk-breach-unreached",
    ),
    path("privacy/breaches/<str:number>/site/", breaching.site, name="desk-breach-site"),
    path("privacy/breaches/<str:number>/<slug:act>/", breaches.act, name="desk-breach-act"),
    path("privacy/map/", privacy.data_map, name="desk-map"),
    path("privacy/places/", privacy.places, name="desk-places"),
    path("privacy/disclosures/", privacy.leaving, name="desk-disclosures"),
    path("privacy/notices/", notices.notices, name="desk-notices"),
    path("privacy/answers/", answers.answers, name="desk-answers"),
    path("privacy/answers.csv", answers.answers_csv, name="desk-answers-csv"),
    path("privacy/log/", answering.answered_for, name="desk-answered"),
    path("privacy/log.json", answering.handed_out, name="desk-answered-file"),
    path("privacy/record/", privacy.record, name="desk-record"),
    path("privacy/record/<str:name>/", privacy.record, name="desk-sheet"),
    path("privacy/record/<str:name>.csv", privacy.record_csv, name="desk-sheet-csv"),
    path("privacy/versions/", versions.versions, name="desk-versions"),
    path("privacy/versions/<str:name>/", versions.version, name="desk-version"),
    path("privacy/versions/<str:name>/draft/", drafts.begin, name="desk-draft-begin"),
    path("privacy/versions/drafts/<slug:key>/", drafts.draft, name="desk-draft"),
    path("privacy/versions/drafts/<slug:key>/files/", drafts.files, name="desk-draft-files"),
    path(
        "privacy/versions/drafts/<slug:key>/recipients/",
        drafts.recipient,
        name="desk-draft-recipient-new",
    ),
    path(
        "privacy/versions/drafts/<slug:key>/recipients/<slug:recipient>/",
        drafts.recipient,
        name="desk-draft-recipient",
    ),
    path(
        "privacy/versions/drafts/<slug:key>/kept/<str:category>/",
        drafts.kept,
        name="desk-draft-kept",
    ),
    path(
        "privacy/versions/drafts/<slug:key>/bases/<slug:law>/",
        drafts.bases,
        name="desk-draft-bases",
    ),
    path(
        "privacy/versions/drafts/<slug:key>/texts/<slug:tag>/<slug:file>/",
        drafts.texts,
        name="desk-draft-texts",
    ),
    path("privacy/proofs/", proofs.proofs, name="desk-proofs"),
    path("privacy/proofs/<number:person>/", proofs.person, name="desk-proofs-person"),
    path("privacy/proofs/<number:person>/bundle/", proofs.bundle, name="desk-proofs-bundle"),
    path("privacy/proofs/<number:person>/<uuid:key>/", proofs.receipt, name="desk-proofs-receipt"),
    path(
        "privacy/proofs/<number:person>/<uuid:key>/shown/", proofs.shown, name="desk-proofs-shown"
    ),
    path("privacy/proofs/samples/", proofs.samples, name="desk-samples"),
]
