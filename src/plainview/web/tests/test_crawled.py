"""What a crawler finds that follows every link of a page, whatever robots.txt says."""

import html
import re
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.django_db
AMONG = re.compile(r'href="(/(?:accounts/|privacy/choices/)[^"]*)"')


def test_signing_in_and_the_choices_lead_to_each_other_and_come_to_an_end(client):
    found, left = {"/privacy/choices/?next=%2Ftitles%2F"}, ["/privacy/choices/?next=%2Ftitles%2F"]
    while left:
        page = client.get(left.pop()).content.decode()
        new = {html.unescape(link) for link in AMONG.findall(page) if "lang=" not in link} - found
        found, left = found | new, [*left, *new]
        assert len(found) < 100, max(found, key=len)
    assert {"/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"} <= {
        urlsplit(each).path for each in found
    }


def test_a_page_that_leads_to_elsewhere_names_itself_to_the_choices(client):
    there = "/accounts/login/?next=//elsewhere.example/privacy/choices/"
    page = client.get(there).content.decode()
    assert 'href="/privacy/choices/?next=%2Faccounts%2Flogin%2F' in page
    assert 'href="//elsewhere.example' not in page
