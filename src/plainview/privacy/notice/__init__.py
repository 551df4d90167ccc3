"""The notice: the whole policy told to people, every list in it made from the policy's data.

`compose` makes the blocks, `to_markdown` and `to_html` write them down.
"""

from plainview.privacy.notice.composing import compose, direction
from plainview.privacy.notice.writing import to_html, to_markdown

__all__ = ["compose", "direction", "to_html", "to_markdown"]
