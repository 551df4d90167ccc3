"""What is joined where segments overlap: the two that were meant (P1.1.5a)."""

import pytest

from plainview.domains.subtitles import queries
from plainview.domains.subtitles.tests.test_studio_doors import act

pytestmark = pytest.mark.django_db


def test_a_split_that_is_taken_back_joins_its_own_halves_where_segments_overlap(korean, mira):
    """Found by random keys: the one that overlaps them was the next one, and lost its words."""
    row = queries.rows(korean)[0]
    half = act(mira, korean, "split", segment=row.segment, at=2000, first="등불", second="").json()
    over = act(mira, korean, "add", start=1500, end=2500).json()["segment"]
    act(mira, korean, "save", segment=over, version=0, text="사이")
    whole = {"segment": row.segment, "other": half["segment"], "text": "등불"}
    back = act(mira, korean, "merge", **whole).json()
    assert back["gone"] == [half["segment"]]
    found = {each.segment: (each.start_ms, each.end_ms, each.text) for each in queries.rows(korean)}
    assert found[row.segment] == (1000, 3000, "등불") and found[over] == (1500, 2500, "사이")
    again = act(mira, korean, "merge", **whole)
    assert again.status_code == 410, "it is joined already"
    assert act(mira, korean, "merge", segment=over, other=over).json() == {"merged": False}
