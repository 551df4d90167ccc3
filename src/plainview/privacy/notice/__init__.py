"""The documents that people read: the notice, terms and the rest, composed from the policy.

`compose` makes a document, `cards` the layer above it, `reader` what applies where somebody is;
`to_markdown`, `to_html` and `to_elements` write blocks down.
"""

from plainview.privacy.notice.cards import cards
from plainview.privacy.notice.composing import PRIVACY, blocks_of, compose, current, dated
from plainview.privacy.notice.readers import reader
from plainview.privacy.notice.writing import to_elements, to_html, to_markdown
