"""The code is replaced below a running worker: what strangers send waits, and is not judged."""

import pytest
from django.utils import timezone
from tests.post.conftest import letter

from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services import picturing
from plainview.domains.subtitles.formats import SubtitleError
from plainview.domains.subtitles.formats import confined as subtitles
from plainview.platform.jobs import queue, worker
from plainview.platform.jobs.models import Job
from plainview.platform.media import pictures, vintage
from plainview.privacy.models import Letter
from plainview.privacy.post import confined
from plainview.web.tests.conftest import a_title

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NOT_THERE = "plainview.platform.media.not_there_yet"


@pytest.fixture
def update(monkeypatch):
    """While it lasts, what this process began with is not what lies on the disk."""
    with monkeypatch.context() as update:
        update.setattr(vintage, "_begun", {})
        yield update


def test_p5_2a_a_letter_waits_where_it_lies_until_it_can_be_read(folders, confining, update):
    """It was kept as one that nobody can read, and its writer had no answer."""
    update.setattr(confined, "__name__", NOT_THERE)
    folder = folders / "letters"
    (folder / "new").mkdir(parents=True, exist_ok=True)
    (folder / "new" / "1").write_bytes(letter())
    job = queue.enqueue("post.fetch")
    worker.run_all()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.WAITING, 0)
    assert not Letter.objects.exists()
    assert (folder / "new" / "1").exists()
    update.undo()
    Job.objects.update(run_at=timezone.now())
    worker.run_all()
    assert Letter.objects.get().sender == "mira@elsewhere.example"
    assert not (folder / "new" / "1").exists()


def test_a_poster_is_cut_once_the_worker_runs_the_code_of_now(update):
    title = a_title("harbour-lights")
    name = picturing.store_artwork(b"no picture", ".jpg")
    Title.objects.update(pictures={"poster": {"source": name, "focus": [50, 50]}})
    update.setattr(pictures, "_RESIZER", NOT_THERE)
    job = queue.enqueue(picturing.TASK, title_id=title.pk)
    worker.run_all()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.WAITING, 0)


def test_who_brings_subtitles_meanwhile_is_told_to_come_again(update):
    """They were told that the file takes more time and memory than there is."""
    update.setattr(subtitles, "__name__", NOT_THERE)
    with pytest.raises(SubtitleError, match="being updated") as refused:
        subtitles.read_confined(b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", filename="a.srt")
    assert refused.value.code == "updating"


def test_a_file_at_which_our_own_program_breaks_is_still_refused(monkeypatch):
    monkeypatch.setattr(subtitles, "__name__", NOT_THERE)
    with pytest.raises(SubtitleError) as refused:
        subtitles.read_confined(b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", filename="a.srt")
    assert refused.value.code == "too-costly"
