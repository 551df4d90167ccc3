"""Browsers that take messages: their push addresses, and the keys by which we are known to them.

It never sends: `disclosures.push` does, to the push service that a browser named. An address is
kept only after a yes to the channel and the browser's own permission, and while somebody is signed
in there.
"""
