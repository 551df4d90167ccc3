"""Until a restore is over nothing is answered, and a database put back by hand is noticed."""

from __future__ import annotations

import resource

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone
from tests.backups.conftest import arrive, enter, run, worker_looks
from tests.backups.test_drill import film
from tests.log.test_epochs import Yesterday
from tests.people import answers, viewed

from plainview.domains.accounts.models import About, Audience, Gender, User
from plainview.domains.catalogue.models import Reminder, Title
from plainview.domains.library.models import Follow, Rating, Saved
from plainview.domains.playback.models import Progress, Viewing
from plainview.domains.searches.models import Search
from plainview.platform.jobs import queue
from plainview.platform.jobs.models import Job
from plainview.privacy import log as logging_
from plainview.privacy.backups import barrier, ledger, replaying
from plainview.privacy.backups.barrier import State
from plainview.privacy.gate.duties import duty
from plainview.privacy.log.models import Entry, Epoch, Head, Leaf, Node
from plainview.privacy.models import Erasure
from plainview.privacy.rights import queries, services
from plainview.web.doctor import doctor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("stage", ["files", "placing", "replay"])
def test_p8a_the_site_answers_503_and_no_job_is_taken_until_a_restore_is_over(
    stage, monkeypatch, caplog
):
    client = Client()
    assert client.get("/").status_code == 200
    barrier.put_up(State(stage))
    monkeypatch.setattr(replaying, "replay", lambda: (_ for _ in ()).throw(replaying.Busy))
    Job.objects.all().delete()
    queue.enqueue("sweep")
    for address in ("/", "/accounts/login/", "/api/v1/", "/legal/privacy/"):
        answer = client.get(address, headers={"Accept-Language": "ko"})
        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert answer["Content-Language"] == "ko"
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert not answer.cookies
    assert "accounts/login" not in caplog.text, "no line names what was asked for"
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    worker_looks()
    assert Job.objects.get().state == Job.State.WAITING
    code, said = run(doctor)
    assert code == 1
    assert "the site is shut" in said
    barrier.lift()
    assert client.get("/").status_code == 200


def test_a_process_that_began_before_a_restore_stays_shut_until_it_is_started_anew():
    barrier.take_down()
    assert Client().get("/").status_code == 503
    barrier.begin()
    assert Client().get("/").status_code == 200


def test_a_database_put_back_by_hand_is_noticed_and_a_worker_replays(ines):
    logging_.sequence()
    yesterday = Yesterday()
    left = User.objects.create_user("mira@lantern.example")
    ledger.erased(left.pk, report="r" * 24, day="2026-11-01")  # she had left; the copy has her
    arrive()
    logging_.sequence()
    yesterday.put_back()
    logging_.sequence()
    assert Client().get("/").status_code == 503
    worker_looks()
    assert Client().get("/").status_code == 200
    assert not User.objects.filter(pk=left.pk).exists()
    assert Erasure.objects.get(key="r" * 24).state == "done"
    assert User.objects.filter(pk=ines.pk).exists()


def test_a_database_without_a_head_in_the_place_of_ours_begins_one_epoch():
    """As where another name stands in PLAINVIEW_DATABASE_URL: the log said twice that it began."""
    logging_.sequence()
    with duty("migrate"):
        for table in (Entry, Leaf, Node, Head):
            table._base_manager.all()._raw_delete("default")
    logging_.sequence()
    assert barrier.shut()
    worker_looks()
    assert not barrier.shut()
    assert list(Epoch.objects.values_list("because", flat=True).order_by("number")) == [
        "first",
        "restored",
    ]


def test_p8a_a_worker_of_another_database_opens_no_site_on_one_that_was_put_back(ines):
    """Two machines share one ledger, and one was not stopped: it still has the database before."""
    Search.objects.create(subject=ines.pk, query="a lamp", words="a lamp")
    ledger.removed(ines.pk, category="activity.searches")
    barrier.put_up(State("replay", base="another"))
    worker_looks()
    assert barrier.shut() and Search.objects.exists()
    barrier.put_up(State("replay", base=barrier.base()))
    worker_looks()
    assert not barrier.shut() and not Search.objects.exists()


def test_what_was_deleted_one_by_one_is_deleted_again_and_nothing_of_others(ines, tom):
    rows = [
        Search.objects.create(subject=who, query=f"a lamp {n}", words=f"a lamp {n}")
        for n, who in enumerate((ines.pk, ines.pk, tom.pk))
    ]
    ledger.removed(ines.pk, table=Search._meta.db_table, rows=[rows[0].pk, rows[2].pk])
    barrier.put_up(State("replay"))
    worker_looks()
    assert set(Search.objects.values_list("pk", flat=True)) == {rows[1].pk, rows[2].pk}
    ledger.removed(ines.pk, category="activity.searches")
    barrier.put_up(State("replay"))
    worker_looks()
    assert Search.objects.get().subject == tom.pk


def test_what_a_person_deletes_of_their_searches_is_in_the_ledger(ines):
    row = Search.objects.create(subject=ines.pk, query="a lamp", words="a lamp")
    table = Search._meta.db_table
    services.remove_entry(
        ines.pk, signing.Signer(salt=queries.SALT).sign_object((table, row.pk, str(ines.pk)))
    )
    services.remove_all(ines.pk, "activity.searches")
    assert not Search.objects.exists()
    noted = [(note.table, len(note.rows), note.category) for note in ledger.notes()]
    assert noted == [(table, 1, ""), ("", 0, "activity.searches")]


@pytest.mark.sample(4)
@pytest.mark.parametrize(
    ("address", "asked", "left"),
    [
        ("/my/forget/", {"viewing": "{viewing}"}, {Search}),
        ("/my/forget/", {"hours": "24"}, {Search}),
        ("/my/forget/", {"all": "yes"}, {Search}),
        ("/my/forget/", {"video": "{video}"}, {Search, Viewing}),
        ("/my/searches/forget/", {"search": "{search}"}, {Viewing, Progress}),
        ("/my/searches/forget/", {"all": "yes"}, {Viewing, Progress}),
    ],
)
def test_p1_2_2b_what_one_deletes_on_ones_own_pages_comes_back_by_no_copy(
    ines, address, asked, left
):
    """P1.2.2b: by each door that lets a sitting, a place or a search go, not by one alone."""
    client = answers(enter(ines), "accept")
    video = film(b"a lamp").video
    now = timezone.now()
    held = [
        viewed(ines.pk, video, "a" * 32),
        Progress.objects.create(subject=ines.pk, video=video, position=600, stopped_at=now),
        Search.objects.create(subject=ines.pk, query="a lamp", words="a lamp"),
    ]
    named = {"viewing": held[0].pk, "video": video.key, "search": held[2].pk}
    said = {name: value.format(**named) for name, value in asked.items()}
    assert client.post(address, said).status_code == 302
    assert {type(each) for each in held if type(each).objects.exists()} == left
    for each in held:  # a copy of before has all of it
        each.save(force_insert=not type(each).objects.filter(pk=each.pk).exists())
    barrier.put_up(State("replay"))
    worker_looks()
    assert {type(each) for each in held if type(each).objects.exists()} == left


def test_p1_2_2b_what_one_takes_back_or_shows_to_fewer_comes_back_by_no_copy(ines, placed):
    """P1.2.2b, P1.1a: off a list, unfollowed, unrated, unsaid, or kept to oneself from now on."""
    client, title = enter(ines), film(b"a lamp").video.title
    client.defaults["HTTP_X_PLACE"] = "IE"  # where one tells one's gender unasked
    other = Title.objects.create(slug="tide", kind="film", texts={"en": {"name": "Tide"}})
    mine = {"subject": ines.pk, "title": title}
    held = [
        Saved.objects.create(list="later", **mine),
        Follow.objects.create(**mine),
        Rating.objects.create(stars=2, **mine),
        Rating.objects.create(stars=3, public=True, subject=ines.pk, title=other),
        Reminder.objects.create(account=ines, title=title),
        About.objects.create(account=ines, value="A lamp.", audience=Audience.EVERYONE),
        Gender.objects.create(account=ines, value="hers", audience=Audience.MEMBERS),
    ]
    for address, said in (
        ("/my/keep/", {"take": f"later {title.slug}"}),
        ("/my/keep/", {"take": f"series {title.slug}"}),
        ("/my/rate/", {"title": title.slug, "act": "take"}),
        ("/my/rate/", {"title": other.slug, "stars": "3"}),
        (f"/titles/{title.slug}/remind/", {"act": "forget"}),
        ("/settings/about/", {"about": "A lamp.", "about_audience": "0", "gender_audience": "1"}),
    ):
        assert client.post(address, said).status_code == 302, address
    still = {type(each) for each in held if type(each).objects.filter(pk=each.pk).exists()}
    assert still == {Rating, About}, "taken back"
    assert not (Rating.objects.get().public or About.objects.get().audience)
    for each in held:  # a copy of before has all of it as it was
        each.save(force_insert=not type(each).objects.filter(pk=each.pk).exists())
    barrier.put_up(State("replay"))
    worker_looks()
    assert not [each for each in held if type(each).objects.filter(pk=each.pk).exists()]


def test_p5_2_1_4a_an_erasure_is_in_the_ledger_before_it_is_said_to_be_done(ines, monkeypatch):
    client = enter(ines)
    said: list[str] = []

    def full(*args: object, **kwargs: object) -> None:
        said.append("full")
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "erased", full)
        with pytest.raises(OSError, match="no space"):
            client.post("/privacy/leave/confirm/", {"sure": "yes"})
        row = Erasure.objects.get()
        with pytest.raises(OSError, match="no space"):
            services.carry_out(row.pk)
        assert User.objects.filter(pk=ines.pk).exists(), "nothing goes that would come back"
    services.carry_out(row.pk)
    assert Erasure.objects.get().state == "done"
    assert [note.what for note in ledger.notes()] == ["erased"]


def test_a_torn_line_is_ended_and_a_strange_one_is_said(ines):
    ledger.erased(ines.pk, report="a", day="2026-01-01")
    path = settings.DATA / "ledger" / "notes"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"what":"era')
    assert len(ledger.notes()) == 1
    ledger.erased(ines.pk, report="b", day="2026-01-01")
    assert [note.report for note in ledger.notes()] == ["a", "b"]
    path.write_bytes(b"nonsense\n" + whole)
    with pytest.raises(ledger.Unreadable):
        ledger.notes()
    path.write_bytes(whole.replace(ledger.notes.__name__.encode(), b""))
    (settings.DATA / "ledger" / "key").write_text("another" * 6 + "\n")
    with pytest.raises(ledger.Unreadable, match="keys that are not here"):
        ledger.notes()


def test_p5_2_1_4a_a_note_for_which_half_the_room_is_left_is_no_note(ines, tom):
    """P5.2.1.4a: such a disk takes the first part and says no error; the line was lost unsaid."""
    ledger.erased(ines.pk, report="a", day="2026-01-01")
    path = settings.DATA / "ledger" / "notes"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 40, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            ledger.erased(tom.pk, report="b", day="2026-01-01")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    ledger.erased(tom.pk, report="c", day="2026-01-01")
    assert [note.report for note in ledger.notes()] == ["a", "c"]
