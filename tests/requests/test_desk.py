"""One case at the officer's desk: what it shows, what each step asks, and who may decide it."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.people import browser_of
from tests.requests.conftest import HERE, QUEUE, act, filed, in_work, make

from plainview.domains.accounts.models import Role, User
from plainview.domains.staff.forms.casework import STEPS
from plainview.domains.staff.models import Look
from plainview.platform.jobs import worker
from plainview.privacy import permissions
from plainview.privacy.log.models import Act
from plainview.privacy.models import Erasure
from plainview.privacy.requests import figures, letters, machine, numbers, queries, services
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Event, Request
from plainview.privacy.rights import services as rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def page(client: Client, row: Request, rest: str = "") -> str:
    return client.get(f"{QUEUE}{row.number}/{rest}").content.decode()


def test_p5_2_1_4a_whoever_is_suspended_is_erased_as_they_ask_and_once(desk):
    """P5.2.1.4a: they can't sign in, so they ask by their address, and an officer grants it."""
    mira = make("mira")
    EmailAddress.objects.create(user=mira, email=mira.email, primary=True, verified=True)
    User.objects.filter(pk=mira.pk).update(is_active=False)
    row = in_work("delete", account=mira.pk)
    assert act(desk, row, "answer", outcome="granted", said="It goes.").status_code == 302
    with pytest.raises(rights.NobodyThere):
        rights.leave(mira.pk)
    worker.run_all()
    assert not User.objects.filter(pk=mira.pk).exists()
    assert Erasure.objects.get().state == Erasure.State.DONE


def test_p5_2_2_3a_a_statement_that_was_refused_does_not_use_up_the_year(desk):
    """P5.2.2.3a: whoever asks again and was told nothing yet is told."""
    mira = make("mira")
    EmailAddress.objects.create(user=mira, email=mira.email, primary=True, verified=True)
    row = in_work("shine-the-light", channel=Channel.PHONE, account=mira.pk)
    act(desk, row, "refuse", ground="unfounded", said="It was not asked by you.")
    assert Request.objects.get(pk=row.pk).state == State.REFUSED
    client = browser_of(mira, headers=HERE)
    for said in ("nobody got your data", "it is free once a year"):
        client.post("/privacy/requests/new/", {"kind": "shine-the-light"})
        assert said in Request.objects.latest("received_at").events.get(step="answer").said


class TestCase:
    def test_its_buttons_are_the_table_s(self, desk):
        """Every step of an officer has a form or is carried out elsewhere; no button lies."""
        officers = {each.name for each in machine.STEPS.values() if "officer" in each.by}
        assert officers - set(STEPS) <= {"act"}
        row = in_work()
        text = page(desk, row)
        for step in STEPS:
            shown = f'/{row.number}/{step}/"' in text
            assert not shown or step in machine.possible(State.WORKING, "officer"), step
        assert f"/{row.number}/answer/" in text and f"/{row.number}/settle/" not in text

    def test_the_next_one_is_a_key_away(self, desk):
        rows = sorted((in_work(place="DE") for _ in range(2)), key=lambda row: row.pk)
        assert f'/{rows[1].number}/" rel="next" accesskey="n"' in page(desk, rows[0])
        assert 'accesskey="n"' not in page(desk, rows[1])

    def test_who_looks_is_in_the_log_before_anything_is_shown(self, desk, officer):
        row = filed()
        page(desk, row)
        acts = Act.objects.filter(what="access", person=row.subject, staff=officer.pk)
        assert acts.count() == 1

    def test_what_is_held_opens_for_an_open_request_and_they_can_read_why(self, desk):
        mira = make("mira")
        row = filed(account=mira.pk, contact="")
        opened = desk.post(f"{QUEUE}{row.number}/person/")
        assert opened["Location"] == f"/desk/people/{mira.pk}/"
        assert desk.get(opened["Location"]).status_code == 200
        assert row.number in Look.objects.get().reason
        services.move(row.pk, "withdraw", by=Event.By.PERSON)
        Look.objects.all().delete()
        assert desk.post(f"{QUEUE}{row.number}/person/")["Location"].startswith(QUEUE)
        assert not Look.objects.exists()

    def test_what_they_wrote_is_read_while_the_case_is_open_and_no_longer(self, desk):
        row = filed(words="My old address was 5 Mill Lane.")
        assert "Mill Lane" in page(desk, row)
        services.move(row.pk, "withdraw", by=Event.By.PERSON)
        text = page(desk, row)
        assert "Mill Lane" not in text and "Quay Road" not in text

    def test_the_second_officer_is_told_and_nothing_written_is_lost(self, desk, second, officer):
        row = in_work()
        desk.post(f"{QUEUE}{row.number}/hand/")
        assert f"{officer.email} has this request in hand" in page(second, row)
        answer = act(second, row, "note", note="She called on Monday.")
        assert answer.status_code == 409
        assert officer.email in answer.content.decode()
        assert "She called on Monday." in answer.content.decode()
        assert not Event.objects.filter(step="note").exists()
        desk.post(f"{QUEUE}{row.number}/hand/", {"act": "back"})
        assert act(second, row, "note", note="She called on Monday.").status_code == 302

    def test_where_no_mail_goes_the_officer_is_told_to_tell_them(self, desk, mailoutbox):
        """P5.2c: an answer to a letter on paper reaches nobody by itself."""
        by_mail = page(desk, in_work(contact="mira@lantern.example"), "answer/")
        assert "Nothing is mailed" not in by_mail
        mailoutbox.clear()
        row = in_work()
        text = page(desk, row, "answer/")
        assert "Tell them yourself what you write here" in text and "3 Quay Road, Cork" in text
        act(desk, row, "answer", outcome="granted", said="It is in the envelope.")
        assert mailoutbox == []

    def test_whoever_decides_has_seen_the_last_step(self, desk):
        row = in_work()
        services.move(row.pk, "hear", by=Event.By.PERSON, said="Wait, I have one more thing.")
        answer = act(desk, row, "answer", seq=row.seq, outcome="granted", said="Here it is.")
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "A colleague moved this request meanwhile" in text
        assert 'role="alert" tabindex="-1" autofocus' in text, "the page begins there"
        assert "Here it is." in text and "one more thing" in text
        again = text.partition('name="seq" value="')[2].partition('"')[0]
        done = act(desk, row, "answer", seq=again, outcome="granted", said="Here it is.")
        assert done.status_code == 302
        assert Request.objects.get(pk=row.pk).state == State.ANSWERED

    def test_a_template_begins_the_answer_in_their_language(self, desk):
        row = in_work(language="ko")
        begun = {"template": "copy", "outcome": "granted", "said": "안녕하세요, 미라 님."}
        text = desk.post(f"{QUEUE}{row.number}/answer/", begun).content.decode()
        assert "요청하신 개인정보 사본이에요." in text and 'lang="ko"' in text
        assert "안녕하세요, 미라 님." in text, "what was typed before stands above it"
        assert '<option value="granted" selected>' in text
        silent = act(desk, row, "answer", outcome="granted", said=" ")
        assert silent.status_code == 422 and "Write what they read" in silent.content.decode()
        assert silent.context["form"].errors.keys() == {"said"}
        left = act(desk, row, "answer", outcome="granted", said="사본이에요. {details}")
        assert left.status_code == 422 and "{details}" in left.content.decode()
        seen = act(desk, row, "answer", act="preview", outcome="granted", said="다 됐어요.")
        assert seen.content.decode().count("다 됐어요.") == 2
        assert Request.objects.get(pk=row.pk).state == State.WORKING

    def test_a_refusal_has_a_ground_and_words(self, desk):
        row = in_work("delete")
        for missing in ({"ground": ""}, {"said": ""}):
            said = {"ground": "law", "said": "We must keep your invoices."} | missing
            assert act(desk, row, "refuse", **said).status_code == 422
        act(desk, row, "refuse", ground="law", said="We must keep your invoices.")
        row = Request.objects.get(pk=row.pk)
        assert (row.state, row.ground, row.appeal_until is not None) == ("refused", "law", True)
        assert "A law makes us keep it" in page(desk, row)

    def test_p5_2_1_1a_that_nothing_is_held_is_recorded_as_that(self, desk):
        """P5.2.1.1a: an answer that nothing was found, taken from its template, is not "done"."""
        row = in_work("access", contact="ann@somewhere.example")
        address = f"{QUEUE}{row.number}/answer/"
        begun = desk.post(address, {"act": "template", "template": "nothing"}).content.decode()
        assert 'value="nothing" selected' in begun
        mail.outbox.clear()
        said = "We looked for data about you and found none."
        assert act(desk, row, "answer", outcome="nothing", said=said).status_code == 302
        row.refresh_from_db()
        assert (row.state, row.outcome) == ("answered", "nothing")
        [letter] = mail.outbox
        assert letter.to == ["ann@somewhere.example"] and "authority" in letter.body
        secret = f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/"
        theirs = Client(headers=HERE).get(secret).content.decode()
        assert "Nothing is held about you" in theirs and "Done as asked" not in theirs
        assert figures.line("", figures.counted()).nothing == 1

    def test_of_a_member_something_is_held(self, desk):
        """Their account is: nobody can be told by a slip that there is nothing."""
        row = in_work("access", account=make("ana").pk, contact="")
        assert 'value="nothing"' not in page(desk, row, "answer/").partition("outcome")[2][:900]
        said = "We looked for data about you and found none."
        assert act(desk, row, "answer", outcome="nothing", said=said).status_code == 422
        assert Request.objects.get(pk=row.pk).state == State.WORKING

    def test_whoever_decided_does_not_decide_the_appeal(self, desk, second):
        """P5.2.3.2a."""
        row = in_work("delete")
        act(desk, row, "refuse", ground="law", said="We must keep your invoices.")
        services.move(row.pk, "appeal", by=Event.By.PERSON, said="Not all of them.")
        assert f"/{row.number}/settle/" not in page(desk, row)
        said = {"outcome": "partly", "said": "You are right about two."}
        assert act(desk, row, "settle", **said).status_code == 409
        desk.post(f"{QUEUE}{row.number}/hand/", {"act": "back"})
        assert act(second, row, "settle", **said).status_code == 302
        assert Request.objects.get(pk=row.pk).state == State.SETTLED

    def test_p5_2_3_2a_what_was_asked_is_in_sight_and_no_second_appeal_is_named(self, desk, second):
        """P5.2.3.2a: whoever decides reads the request itself, however much happened since."""
        row = in_work("complaint", words="You wrote me twice.")
        act(desk, row, "refuse", ground="unfounded", said="We did not.")
        services.move(row.pk, "appeal", by=Event.By.PERSON, said="You did.")
        for step in ("hear", "write", "hear"):
            act(desk, row, step, said="There is more.")
        before, _fold, after = page(second, row, "settle/").partition("<details><summary>Earlier")
        assert "You wrote me twice." in before and "We did not." in after
        act(second, row, "settle", outcome="granted", said="You were right.")
        assert "Can be appealed until" not in page(second, row)

    def test_p5_2_3_2a_whoever_asked_does_not_decide_their_own_appeal(self, desk, second, at_desk):
        """P5.2.3.2a: also where they work on requests themselves."""
        ana = make("ana", Role.OFFICER)
        own = at_desk(ana, Client())
        row = in_work("complaint", account=ana.pk, contact="")
        act(desk, row, "refuse", ground="unfounded", said="It was no mistake.")
        own.post(
            f"/privacy/requests/{row.number}/", {"act": "appeal", "words": "It was."}, headers=HERE
        )
        row.refresh_from_db()
        assert row.state == State.APPEALED
        assert f"/{row.number}/settle/" not in page(own, row)
        said = {"outcome": "granted", "said": "I am right."}
        assert act(own, row, "settle", **said).status_code == 409
        own.post(f"{QUEUE}{row.number}/hand/", {"act": "back"})
        assert f"/{row.number}/settle/" in page(second, row)
        assert act(second, row, "settle", **said).status_code == 302

    def test_an_appeal_that_nobody_else_can_decide_says_so_to_both(self, desk, at_desk, mailoutbox):
        """P5.2.3.2a."""
        row = in_work(contact="mira@lantern.example")
        act(desk, row, "refuse", ground="law", said="We must keep your invoices.")
        services.move(row.pk, "appeal", by=Event.By.PERSON, said="Not all of them.")
        told = mailoutbox[-1].body
        assert "Nobody else here can decide it yet" in told and "authority" in told
        assert "Nobody else here can decide it yet" in Client().get(letters.address(row)).text
        assert "nobody else here works on requests" in page(desk, row)
        colleague = make("second", Role.OFFICER)
        assert "Another person looks at it" in Client().get(letters.address(row)).text
        assert f"somebody else decides the appeal: {colleague.email}" in page(desk, row)
        assert "somebody else decides" not in page(at_desk(colleague, Client()), row)

    def test_time_is_taken_once_with_a_reason(self, desk):
        row = in_work()
        assert act(desk, row, "extend", said="").status_code == 422
        act(desk, row, "extend", said="The copy is large.")
        row = Request.objects.get(pk=row.pk)
        assert row.due_on == row.extend_to
        assert f"/{row.number}/extend/" not in page(desk, row)

    def test_somebody_else_grants_a_deletion_that_one_officer_vouched_for(
        self, desk, second, officer
    ):
        mira = make("mira")
        row = filed("delete", channel=Channel.LETTER, staff=officer.pk)
        said = {"proof": "seen", "note": "Her signature is the same."}
        nobody = act(desk, row, "begin", account="nobody@lantern.example", **said)
        assert "Nobody has this address" in nobody.content.decode()
        act(desk, row, "begin", account=mira.email, **said)
        assert "closes their account" in page(desk, row, "answer/")
        alone = act(desk, row, "answer", outcome="granted", said="Gone.")
        assert alone.status_code == 409 and "a colleague decides" in alone.content.decode()
        mira.refresh_from_db()
        assert mira.is_active
        desk.post(f"{QUEUE}{row.number}/hand/", {"act": "back"})
        assert act(second, row, "answer", outcome="granted", said="Gone.").status_code == 302
        mira.refresh_from_db()
        assert not mira.is_active, "to answer so is to do it"
        User.objects.filter(pk=mira.pk).delete()  # as the erasure does
        assert "Open what is held about them" not in page(second, row)
        assert "with an account" in second.post(f"{QUEUE}{row.number}/person/", follow=True).text
        assert "/privacy/left/" in queries.timeline(row.pk)[-1].said
        assert Request.objects.get(pk=row.pk).open, "it is answered once it is done"
        early = act(second, row, "answer", outcome="granted", said="Gone.")
        assert early.status_code == 409 and "Once it is complete" in early.content.decode()

    @pytest.mark.parametrize("proof", ["session", "mail", "needless"])
    def test_p5_2e_an_officer_says_of_nobody_what_the_service_alone_sees(self, desk, proof):
        """P5.2e: else one officer would grant a deletion that nobody but they vouch for."""
        mira = make("mira")
        row = filed("delete", contact=mira.email)
        said = act(desk, row, "begin", account=mira.email, proof=proof)
        assert said.status_code == 422 and f'value="{proof}"' not in said.content.decode()
        assert 'value="needless"' in page(desk, filed(""), "begin/")

    @pytest.mark.parametrize("proof", ["facts", "seen"])
    def test_p5_2e_whoever_saw_to_who_asks_does_not_grant_the_deletion(self, desk, proof):
        mira = make("mira")
        row = filed("delete", contact=mira.email)
        assert act(desk, row, "begin", account=mira.email, proof=proof).status_code == 302
        alone = act(desk, row, "answer", outcome="granted", said="Gone.")
        assert alone.status_code == 409 and "a colleague decides" in alone.content.decode()
        mira.refresh_from_db()
        assert mira.is_active

    def test_a_request_is_joined_to_none_of_somebody_else(self, desk):
        row, same = in_work(contact="ana@lantern.example"), filed("", contact="ana@lantern.example")
        other = filed(contact="bo@lantern.example")
        wrong = act(desk, row, "join", other=other.number)
        assert wrong.status_code == 409 and "somebody else’s" in wrong.content.decode()
        assert Request.objects.get(pk=row.pk).state == State.WORKING
        assert act(desk, row, "join", other=same.number).status_code == 302
        assert Request.objects.get(pk=row.pk).joined_to == same
        hers, theirs = (
            (filed("", account=each.pk, contact=""), in_work(account=each.pk, contact=""))
            for each in (make("mira"), make("tom"))
        )
        assert act(desk, hers[1], "join", other=theirs[0].number).status_code == 409
        assert act(desk, hers[1], "join", other=hers[0].number).status_code == 302

    def test_why_is_told_with_rule_and_law(self, desk):
        mira = make("mira")
        here = permissions.newcomer("US-CA")
        permissions.change(mira.pk, lambda facts: permissions.resident(here, "US-CA"))
        row = filed("delete", account=mira.pk, contact="", purposes=("recommend",))
        text = page(desk, row, "why/")
        first = text.partition('rights-use">')[2].partition("</li>")[0]
        assert "<strong>" in first and "Rule `" in first

    def test_what_is_somebody_else_s_goes_from_a_text(self, desk):
        row = in_work()
        text = "Ann Lee (ann@example.org, +44 20 7946 0018) wrote it."
        said = {"act": "redact", "text": text, "words": "Ann Lee"}
        shown = desk.post(f"{QUEUE}{row.number}/redact/", said).content.decode()
        result = shown.partition('class="case-letter"')[2].partition("</section>")[0]
        assert "wrote it" in result
        assert not any(each in result for each in ("Ann", "example.org", "7946"))

    @pytest.mark.parametrize(
        ("wrote", "words"),
        [
            ("from 2001:db8::1", ""),
            ("from ::ffff:192.0.2.7", ""),
            ("on +33\u00a06\u202f12\u202f34\u202f56\u202f78", ""),
            ("on 555\u2011123\u20114567", ""),
            ("to FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189", ""),
            ("as Andre\u0301", "Andr\u00e9"),
            ("as Andr\u00e9", "Andre\u0301"),
            ("via GRO\u1e9eE GASSE", "gro\u00dfe gasse"),
        ],
    )
    def test_what_is_somebody_else_s_goes_however_it_was_typed(self, desk, wrote, words):
        """Short addresses of the network, spaces that do not break, marks apart, any case."""
        row = in_work()
        said = {"act": "redact", "text": f"They came {wrote}, in 2026.", "words": words}
        shown = desk.post(f"{QUEUE}{row.number}/redact/", said).content.decode()
        result = shown.partition('class="case-letter"')[2].partition("</section>")[0]
        assert f"They came {wrote.partition(' ')[0]} █████, in 2026." in result

    def test_a_number_of_nothing_and_a_step_of_nothing_lead_nowhere(self, desk):
        row = filed()
        assert desk.get(f"{QUEUE}aaaa-aaaa-a/").status_code == 404
        assert desk.get(f"{QUEUE}{row.number}/destroy/").status_code == 404
        assert act(desk, row, "escalate").status_code == 404
        assert act(desk, row, "settle", outcome="granted", said="x").status_code == 409


def test_every_step_of_the_table_s_officer_can_be_opened(desk):
    """No form breaks, whatever the state; one of a step that is too late leads to the request."""
    row = in_work()
    offered = page(desk, row)
    for step in STEPS:
        opened = desk.get(f"{QUEUE}{row.number}/{step}/", follow=True)
        late = f"/{row.number}/{step}/" not in offered
        assert bool(opened.redirect_chain) is late, step
        assert ("The request has moved on meanwhile" in opened.content.decode()) is late, step
    assert queries.timeline(row.pk)[-1].at <= timezone.now()


def test_a_case_runs_the_way_of_the_desks_language_whatever_whoever_asked_reads(desk):
    """The letter is read their way; the page about it is the officer's."""
    row = in_work(language="en")
    text = desk.get(f"{QUEUE}{row.number}/answer/?lang=ar").content.decode()
    assert '<html lang="ar" dir="rtl"' in text
    assert 'lang="en" dir="ltr"' in text
