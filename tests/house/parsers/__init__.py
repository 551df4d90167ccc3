"""Every parser of what others send: its seeds, and what it may do with an input."""

from tests.house.parsers import browsers, films, folders, mail, proofs, words

PARSERS = (
    *words.PARSERS,
    *mail.PARSERS,
    *proofs.PARSERS,
    *folders.PARSERS,
    *browsers.PARSERS,
    *films.PARSERS,
)
