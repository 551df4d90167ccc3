"""Titles, what belongs to them, and the words they are sorted by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from plainview.domains.catalogue.texts import Words, with_parents, words
from plainview.platform import languages
from plainview.platform.addresses import address
from plainview.platform.identifiers import new_key
from plainview.privacy.declarations import about_nobody

PROGRAMME = "the programme: what is shown, published by those who run the service"
CREDITS = (
    "credits as the film's own titles publish them: its makers in public, not people who use the"
    " service, and nothing leads from the ones to the others"
)


REVEALS = ("health", "faith", "sexuality", "politics", "origin", "gender-identity")
"""What watching a title may say of somebody: kinds of data that the policy calls sensitive."""


def released(path: str = "", at: datetime | None = None) -> models.Q:
    """Titles in the programme at a moment (now), by the `path` that leads to them."""
    return models.Q(**{f"{path}published_at__lte": at or timezone.now()})


def listed(path: str = "", at: datetime | None = None) -> models.Q:
    """Titles whose page everyone may see: those in the programme, and those announced for it."""
    return released(path, at) | models.Q(**{f"{path}announced_at__lte": at or timezone.now()})


def unlisted(path: str = "", at: datetime | None = None) -> models.Q:
    """Titles whose page nobody may see yet, or any more: the others than `listed`."""
    moment = at or timezone.now()
    parts = [
        models.Q(**{f"{path}{name}__isnull": True}) | models.Q(**{f"{path}{name}__gt": moment})
        for name in ("published_at", "announced_at")
    ]
    return parts[0] & parts[1]


class Named(models.Model):
    """Something with an address of its own and words in several languages. `texts`: name."""

    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    texts = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[Any, ...]:
        """What it is known by at another service."""
        return (self.slug,)

    @classmethod
    def by_natural_key(cls, *key: Any) -> Any:
        """What is known so here. Raises DoesNotExist, and ValueError for what is no key."""
        (slug,) = key
        return cls._default_manager.get(slug=str(slug))

    def _words(self, field: str) -> Words:
        """What stands in `texts` under a name, in the reader's language or the next best."""
        return words(self.texts, field)

    @property
    def name(self) -> Words:
        return self._words("name")


class Label(Named):
    """A word that titles are sorted by. `texts`: name, description.

    `reveals` says what being drawn to it may say of somebody, as of the titles that have it.
    """

    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    reveals = models.JSONField(default=list, blank=True, help_text="kinds of sensitive data")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Named.Meta):
        abstract = True
        ordering = ["position", "slug"]

    @property
    def description(self) -> Words:
        return self._words("description")


@about_nobody(PROGRAMME)
class Genre(Label):
    """A kind of film, such as drama."""

    class Meta(Label.Meta):
        pass

    def get_absolute_url(self) -> str:
        return address("genre", self.slug)


@about_nobody(PROGRAMME)
class Tag(Label):
    """A finer word than a genre: a mood, a theme, a place."""

    class Meta(Label.Meta):
        pass

    def get_absolute_url(self) -> str:
        return address("tag", self.slug)


@about_nobody(CREDITS)
class Person(Named):
    """Somebody credited in a title. `texts`: name, about."""

    def get_absolute_url(self) -> str:
        return address("person", self.slug)

    @property
    def about(self) -> Words:
        return self._words("about")


@about_nobody(PROGRAMME)
class Title(Named):
    """A film or a series. `texts`: name, tagline, synopsis.

    Until `published_at` it is shown to nobody, but that from `announced_at` on its page says when
    it comes. A `licensed` title can be watched only within its licences; any other is the
    operator's own, everywhere and for good.
    """

    class Kind(models.TextChoices):
        FILM = "film"
        SERIES = "series"

    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.FILM)
    original_language = models.CharField(max_length=35, default="und")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    countries = models.JSONField(default=list, help_text="ISO 3166-1 codes")
    ratings = models.JSONField(
        default=dict, blank=True, help_text="system -> age rating, as in fsk -> 12"
    )
    reveals = models.JSONField(default=list, blank=True, help_text="kinds of sensitive data")
    licensed = models.BooleanField(default=False, help_text="shown only within its licences")
    accent = models.CharField(
        max_length=7, blank=True, help_text="#rrggbb, sampled from the poster"
    )
    poster = models.CharField(max_length=200, blank=True, help_text="name in the artwork store")
    pictures = models.JSONField(
        default=dict,
        blank=True,
        help_text="use, or use:language -> source, focus, colour, files",
    )
    backdrop = models.CharField(max_length=200, blank=True, help_text="name in the artwork store")
    artwork = models.JSONField(
        default=dict, blank=True, help_text="language -> use -> name: pictures with words in them"
    )
    genres = models.ManyToManyField(Genre, related_name="titles", blank=True)
    tags = models.ManyToManyField(Tag, related_name="titles", blank=True)
    featured = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="place in the home page's first row"
    )
    announced_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    search_terms = models.TextField(default="", editable=False)

    class Meta:
        ordering = ["-published_at", "id"]
        indexes = [models.Index(fields=["-published_at", "id"], name="catalogue_title_newest")]

    def get_absolute_url(self) -> str:
        return address("title", self.slug)

    def natural_key(self) -> tuple[Any, ...]:
        """Slug and year: another film of the same name is another."""
        return (self.slug, self.year)

    @classmethod
    def by_natural_key(cls, *key: Any) -> Any:
        """What is known so here. Raises DoesNotExist, and ValueError for what is no key."""
        slug, year = key
        return cls._default_manager.get(slug=str(slug), year=year)

    @property
    def is_released(self) -> bool:
        """Whether it is in the programme now, as `released` says of rows."""
        return self.published_at is not None and self.published_at <= timezone.now()

    @property
    def is_listed(self) -> bool:
        """Whether its page is everyone's now, as `listed` says of rows."""
        announced = self.announced_at is not None and self.announced_at <= timezone.now()
        return announced or self.is_released

    def _words(self, field: str) -> Words:
        """As of everything, but that the original's own words come before other languages'."""
        return words(self.texts, field, original=self.original_language)

    @property
    def tagline(self) -> Words:
        return self._words("tagline")

    @property
    def synopsis(self) -> Words:
        return self._words("synopsis")

    def picture(self, use: str) -> str:
        """The name of its `poster` or `backdrop`: in the reader's language, else without words.

        Where there is neither, one with words that fall back as a text does.
        """
        if not self.artwork:
            return str(getattr(self, use))
        found = words(self.artwork, use, original=self.original_language)
        own = found.language in with_parents(languages.current())
        return found.text if own and found else getattr(self, use) or found.text


@about_nobody(CREDITS)
class Credit(models.Model):
    """What a person did for a title. `texts`: character."""

    class Role(models.TextChoices):
        DIRECTOR = "director", pgettext_lazy("credit", "Director")
        WRITER = "writer", pgettext_lazy("credit", "Writer")
        CAST = "cast", pgettext_lazy("credit", "Cast")
        MUSIC = "music", pgettext_lazy("credit", "Music")
        CAMERA = "camera", pgettext_lazy("credit", "Camera")
        EDITOR = "editor", pgettext_lazy("credit", "Editing")
        PRODUCER = "producer", pgettext_lazy("credit", "Producer")

    title = models.ForeignKey(Title, models.CASCADE, related_name="credits")
    person = models.ForeignKey(Person, models.PROTECT, related_name="credits")
    role = models.CharField(max_length=8, choices=Role.choices)
    texts = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    @property
    def character(self) -> Words:
        return words(self.texts, "character", original=self.title.original_language)


@about_nobody(PROGRAMME)
class Season(models.Model):
    """A season of a series. `texts`: name, if it has one."""

    title = models.ForeignKey(Title, models.CASCADE, related_name="seasons")
    number = models.PositiveSmallIntegerField()
    texts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("title", "number", name="catalogue_season_number"),
        ]

    @property
    def name(self) -> Words:
        return words(self.texts, "name", original=self.title.original_language)


@about_nobody(PROGRAMME)
class Video(models.Model):
    """One thing to play: a film, an episode, a trailer, a clip. `texts`: name, synopsis."""

    class Kind(models.TextChoices):
        FEATURE = "feature"
        EPISODE = "episode"
        TRAILER = "trailer"
        CLIP = "clip"

    INVITING = (Kind.TRAILER, Kind.CLIP)
    """What only speaks of its title."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    title = models.ForeignKey(Title, models.CASCADE, related_name="videos")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.FEATURE)
    season = models.ForeignKey(
        Season, models.CASCADE, related_name="episodes", null=True, blank=True
    )
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    texts = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=35, default="und", help_text="spoken language")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["season__number", "number", "id"]
        constraints = [
            models.UniqueConstraint("season", "number", name="catalogue_episode_number"),
            models.CheckConstraint(
                condition=~models.Q(kind="episode")
                | models.Q(season__isnull=False, number__isnull=False),
                name="catalogue_episode_has_place",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return address("watch", self.key)

    def natural_key(self) -> tuple[Any, ...]:
        """Its title, what it is of it, and of an episode season and number."""
        season = self.season.number if self.season else None
        return (*self.title.natural_key(), self.kind, season, self.number)

    @classmethod
    def by_natural_key(cls, *key: Any) -> Any:
        """The only one known so here. Raises DoesNotExist, and ValueError for what is no key."""
        slug, year, kind, season, number = key
        found = cls._default_manager.select_related("title").filter(
            title__slug=str(slug), title__year=year, kind=str(kind),
            season__number=season, number=number,
        )[:2]  # fmt: skip
        if len(found) != 1:
            raise cls.DoesNotExist
        return found[0]

    @property
    def invites(self) -> bool:
        """Whether it only speaks of its title, which leaves it outside the title's licences."""
        return self.kind in self.INVITING

    @property
    def name(self) -> Words:
        own = words(self.texts, "name", original=self.title.original_language)
        if own or self.kind != self.Kind.EPISODE:
            return own or self.title.name
        number = _("Episode %(number)s") % {"number": self.number}
        return Words(number, languages.current())

    @property
    def synopsis(self) -> Words:
        return words(self.texts, "synopsis", original=self.title.original_language)


@about_nobody("what a title was before and after a change; who made it is in the log of acts")
class Revision(models.Model):
    """One change of a title: its document before (null if it was new) and after."""

    class Act(models.TextChoices):
        EDIT = "edit"
        BULK = "bulk"
        IMPORT = "import"
        UNDO = "undo"

    title = models.ForeignKey(Title, models.CASCADE, related_name="revisions")
    act = models.CharField(max_length=6, choices=Act.choices, default=Act.EDIT)
    before = models.JSONField(null=True)
    after = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    @property
    def changed(self) -> list[str]:
        """The fields that it changed."""
        before = self.before or {}
        return [name for name, value in self.after.items() if before.get(name) != value]
