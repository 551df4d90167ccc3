"""What reading JSON or TOML of strangers raises, beside what the shape of it does not allow."""

import msgspec

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Not of that form or shape, no UTF-8, or nested deeper than anything honest (msgspec)."""
