"""Reading a page as the content security policy of the service does."""

from __future__ import annotations

from html.parser import HTMLParser


class Markup(HTMLParser):
    """What the tests ask of a page: tags with attributes, and what the policy would block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocked: list[str] = []
        self._script: dict[str, str | None] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self._script = attributes if tag == "script" else None
        self.blocked += [f"<{tag} {n}>" for n in attributes if n == "style" or n.startswith("on")]
        if tag == "style":
            self.blocked.append("<style>")
        for name in ("href", "src", "action"):
            if (attributes.get(name) or "").lower().startswith(("javascript:", "//")):
                self.blocked.append(f"<{tag} {name}={attributes[name]}>")

    def handle_data(self, data: str) -> None:
        inline = self._script is not None and "src" not in self._script
        told = ("application/json", "application/ld+json")  # data, which no browser runs
        if inline and data.strip() and self._script.get("type") not in told:
            self.blocked.append("<script> with words in it")

    def handle_endtag(self, tag: str) -> None:
        self._script = None

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of every `tag` that carries `attributes`."""
        wanted = {name.replace("_", "-").strip("-"): value for name, value in attributes.items()}
        return [
            found
            for name, found in self.tags
            if name == tag and all(found.get(key) == value for key, value in wanted.items())
        ]
