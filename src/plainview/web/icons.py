"""The signs of the design: drawn on a 24-unit square, most as strokes in the colour of the text."""

from __future__ import annotations

STROKES = {
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.8 11.3L20.5 20.5",
    "language": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM3.5 12h17M12 3.5c2.4 2.2 3.6 5"
    " 3.6 8.5s-1.2 6.3-3.6 8.5c-2.4-2.2-3.6-5-3.6-8.5s1.2-6.3 3.6-8.5Z",
    "person": "M12 4.5a3.75 3.75 0 1 0 0 7.5 3.75 3.75 0 0 0 0-7.5ZM4.75 20c.9-3.3 3.6-5 7.25-5"
    "s6.35 1.7 7.25 5",
    "down": "m6 9.5 6 6 6-6",
    "check": "m5 12.5 4.75 4.75L19.5 7.5",
    "alert": "M12 4 2.75 20h18.5L12 4Zm0 6v4.5m0 2.75v.1",
    "info": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 11v5.5m0-9v.1",
    "upload": "M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 15.5v4h15v-4",
    "lines": "M4.5 6.5h15M4.5 12h15M4.5 17.5h9",
    "plus": "M12 5v14M5 12h14",
    "heart": "M12 19.5 5.2 12.9a4.4 4.4 0 0 1 6.2-6.2l.6.6.6-.6a4.4 4.4 0 0 1 6.2 6.2Z",
    "bell": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15ZM10 20.5h4",
    "star": "m12 4 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8Z",
    "mail": "M3.5 6h17v12.5h-17V6Zm.5.5 8 6.5 8-6.5",
}
SOLIDS = {
    "play": "M7.5 4.6v14.8c0 .6.7 1 1.2.6l11.2-7.4a.75.75 0 0 0 0-1.2L8.7 4c-.5-.4-1.2 0-1.2.6Z"
}

# Signs that point along the line of reading, and so turn around in right-to-left pages.
TURNING = {"search", "lines"}


def drawing(name: str) -> tuple[str, str]:
    """(class, path) of the sign called `name`; raises KeyError."""
    classes = ["icon"]
    if name in SOLIDS:
        classes.append("icon-solid")
    if name in TURNING:
        classes.append("icon-turns")
    return " ".join(classes), SOLIDS.get(name) or STROKES[name]
