"""Whoever is refused reads that they can go to court, where the law lets them.

GDPR and UK GDPR Art. 12(4) and 79. Promise P5.2.1.10a.
"""

import pytest
from django.core import mail
from tests.requests.conftest import act, in_work

from plainview.privacy.requests import numbers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("place", "article"), [("DE", "GDPR Art. 79"), ("GB", "UK GDPR Art. 79"), ("US-TX", "")]
)
def test_p5_2_1_10a_a_refusal_names_the_court_beside_the_authority(desk, client, place, article):
    row = in_work("delete", contact="mira@elsewhere.example", place=place)
    said = {"ground": "others", "said": "It is another’s."}
    assert act(desk, row, "refuse", **said).status_code == 302
    letter = mail.outbox[-1].body
    page = client.get(f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/").content.decode()
    assert "You can also complain to the authority:" in letter
    for words in (letter, page):
        assert ("lets you go to court" in words) == bool(article)
        assert f"go to court: {article}" in words or not article
