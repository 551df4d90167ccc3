"""`kill -9` in the middle of a choice, a registration, a deletion: what one was told last is so.

Whoever gets no answer was told nothing: then nothing has happened, or all of it, and the next page
says which. Each act is killed before each of its statements and on both sides of each commit: at a
few of these moments here, at every one in the soak.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import caches
from django.test import Client
from tests.killing import dying, moments, some
from tests.rights.conftest import HERE, PASSWORD, arrive, enter, work

from plainview.domains.accounts.models import Certification, User
from plainview.privacy.models import Answer, Device, Erasure, Standing
from plainview.privacy.policies import in_force

pytestmark = pytest.mark.django_db(transaction=True)
CHOICES = "/privacy/choices/"
FEWEST = 5
"""Each act has at least so many moments."""


@pytest.fixture(
    params=[pytest.param(some, id="some"), pytest.param(range, id="all", marks=pytest.mark.soak)]
)
def sampled(request: pytest.FixtureRequest) -> Callable[[int], Iterable[int]]:
    """Which moments of so many are tried."""
    if request.param is some:
        return some
    return lambda total: range(1, total + 1)


def allows(subject: int, purpose: str) -> bool:
    return bool(Standing.objects.get(subject=subject).permitted >> in_force().bit(purpose) & 1)


def choosing(client: Client, answer: str) -> Callable[[], object]:
    """What the button of the page of choices sends."""
    shown = client.get(CHOICES).context["shown"]
    form = {"via": "centre", "shown": shown, "answer": answer}
    return lambda: client.post(CHOICES, form)


@pytest.mark.slow
def test_p5_1_3a_killed_in_a_first_choice_one_is_asked_again_and_nothing_is_half_there(db, sampled):
    arrive(choice="accept")  # the words of the question stand in the ledger from now on
    for moment in sampled(moments(choosing(Client(headers=HERE), "accept"))):
        before = Device.objects.count()
        client = Client(headers=HERE)
        assert dying(choosing(client, "accept"), moment) or moment > FEWEST
        assert 'class="consent' in client.get("/").content.decode(), "one is asked again"
        devices = Device.objects.count()
        assert devices - before in (0, 1)
        for table in (Standing.objects.filter(device=True), Answer.objects):
            assert table.values("subject").distinct().count() == devices, moment


@pytest.mark.parametrize(("told", "pressed"), [("accept", "reject"), ("reject", "accept")])
@pytest.mark.slow
def test_p5_1_3c_killed_in_a_change_of_mind_the_stricter_holds_and_the_page_says_which(
    db, sampled, told, pressed, placed, monkeypatch
):
    # where opting out is a right, a yes after a no takes two steps: not so in Germany
    monkeypatch.setitem(HERE, "X-Place", "DE")
    client, number = arrive(choice=told)
    total = moments(choosing(arrive(choice=told)[0], pressed))
    for moment in sampled(total):
        assert dying(choosing(client, pressed), moment) or moment > FEWEST
        caches["default"].clear()  # who died while counting an answer keeps the next ten seconds
        said = {"accept": True, "reject": False}
        latest = set(json.loads(Answer.objects.filter(subject=number).first().answers).values())
        assert len(latest) == 1, "never half of the answers"
        row = allows(number, "history")
        assert row == (latest == {"granted"}), "what was answered is what decides"
        request = client.get("/").wsgi_request
        assert not request.visitor.permits("history") or said[told], "no more than one was told"
        page = client.get(CHOICES)
        topic = next(t for g in page.context["groups"] for t in g.asks if t.id == "history")
        assert topic.answer == ("yes" if row else "no"), "the page says what is so"
        assert client.post(CHOICES, {"via": "centre", "shown": page.context["shown"],
                                     "answer": told}).status_code == 302  # fmt: skip
        assert allows(number, "history") == said[told]


def registering(address: str) -> Callable[[], object]:
    form = {"email": address, "password1": PASSWORD, "territory": "DE", "age": "18",
            "certified": "on"}  # fmt: skip
    return lambda: Client(headers=HERE).post("/accounts/signup/", form)


@pytest.mark.slow
def test_p10b_killed_in_a_registration_there_is_a_whole_account_or_none_and_one_gets_in(
    db, sampled, mailoutbox
):
    for moment in sampled(moments(registering("zero@lantern.example"))):
        address = f"mira{moment}@lantern.example"
        assert dying(registering(address), moment) or moment > FEWEST
        account = User.objects.filter(email=address).first()
        if account is not None:
            assert Standing.objects.filter(subject=account.pk).exists(), moment
            assert Certification.objects.filter(account=account).exists(), moment
            assert EmailAddress.objects.filter(user=account, verified=False).exists(), moment
        caches["default"].clear()  # who died while counting a try keeps the next ten seconds
        again = registering(address)()
        assert again["Location"] == "/accounts/confirm-email/", "told as if for the first time"
        caches["default"].clear()  # and the minutes go by in which one address gets one mail
        client = Client(headers=HERE)
        client.post("/accounts/login/", {"login": address, "password": PASSWORD})
        mails = "".join(mail.body for mail in mailoutbox)
        link = re.search(r"http://localhost:\d+(/accounts/confirm-email/\S+)", mails)
        assert link, moment
        client.post(link[1])
        client.post("/accounts/login/", {"login": address, "password": PASSWORD})
        assert client.get("/settings/").status_code == 200, moment
        mailoutbox.clear()


@pytest.mark.slow
def test_p5_2_1_4a_killed_in_asking_to_leave_nothing_is_done_or_all_of_it_will_be(member, sampled):
    def leaving(client: Client) -> Callable[[], object]:
        return lambda: client.post("/privacy/leave/confirm/", {"sure": "yes"})

    for moment in sampled(moments(leaving(enter(member("zero"))))):
        Erasure.objects.all().delete()
        caches["default"].clear()  # nobody signs in so often in a minute
        user = member(f"ines{moment}")
        client = enter(user)
        assert dying(leaving(client), moment) or moment > FEWEST
        user.refresh_from_db()
        if user.is_active:
            assert not Erasure.objects.exists(), moment
            assert client.get("/privacy/").context["member"], moment
        else:
            assert "/accounts/login/" in client.get("/settings/")["Location"], "the account closed"
            work()
            assert Erasure.objects.get().state == "done", moment
            assert not User.objects.filter(pk=user.pk).exists(), moment
