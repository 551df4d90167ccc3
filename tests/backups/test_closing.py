"""What was closed since a copy stays closed, whatever the copy says (P8a)."""

from __future__ import annotations

import msgspec
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.lengths import many

from plainview.engine import Standing as Facts
from plainview.engine import fold
from plainview.privacy.backups import closing
from plainview.privacy.policies import in_force

PURPOSES = ("history", "recommend", "marketing-email", "targeted-ads", "business-analytics")
WORDS = st.sampled_from(["granted", "affirmed", "denied", "unset"])


@st.composite
def facts(draw) -> Facts:
    """What may be known of somebody in one place."""
    said = draw(st.dictionaries(st.sampled_from(PURPOSES), WORDS))
    kept = {name: word for name, word in said.items() if word != "unset"}
    signals = draw(st.sampled_from([frozenset(), frozenset({"gpc"})]))
    return Facts.newcomer(presence="DE", choices=kept, signals=signals)


@examples(max_examples=many(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts(), facts())
def test_p8a_a_restored_yes_never_stretches_over_what_was_closed_since(copy, now):
    """Whatever was so at the copy and whatever was closed since: no bit is open that is not now.

    A signal once heard stays, so `now` has those of the copy.
    """
    now = msgspec.structs.replace(now, signals=now.signals | copy.signals)
    back = closing.again(copy, closing.closed(copy, now))
    assert fold(in_force(), back) & ~fold(in_force(), now) == 0
    assert closing.again(back, closing.closed(copy, now)) == back, "twice is as good as once"
