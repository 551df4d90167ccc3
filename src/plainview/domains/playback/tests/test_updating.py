"""The code is replaced below a running worker: no film is taken for one that can't be decoded."""

import pytest
from django.utils import timezone

from plainview.domains.accounts.models import User
from plainview.domains.playback import services
from plainview.domains.playback.models import Ingest
from plainview.domains.playback.tests.conftest import work_off
from plainview.platform.jobs.models import Job
from plainview.platform.media import decoders, probing, vintage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.parametrize("part", ["probing", "packaging"])
def test_a_film_outlives_an_update_below_its_worker(spoken, monkeypatch, at_desk, part):
    """Its file is kept until a worker of the new code takes it up; it was refused, and gone."""
    desk = at_desk(User.objects.create_user("desk@example.org", roles="administrator"))
    row = services.begin_ingest(spoken, source_name=spoken.name)
    with monkeypatch.context() as update:
        update.setattr(vintage, "_begun", {})
        if part == "probing":
            update.setattr(probing, "_INSPECTOR", "plainview.platform.media.not_there_yet")
        else:
            update.setattr(decoders.sandbox, "__file__", "/nowhere/sandbox.py")
        work_off()
        row.refresh_from_db()
    job = Job.objects.get(task=services.TASK)
    assert (row.state, row.problem_code) == (Ingest.State.WORKING, "updating")
    assert (job.state, job.attempts) == (Job.State.WAITING, 0)
    assert (row.incoming / "source").exists()
    assert "is being updated" in desk.get(f"/desk/ingests/{row.key}/").content.decode()
    assert "Waiting" in desk.get("/desk/ingests/").content.decode()
    Job.objects.update(run_at=timezone.now())
    work_off()
    row.refresh_from_db()
    assert (row.state, row.problem_code) == (Ingest.State.READY, "")


def test_a_film_at_which_our_own_program_breaks_is_refused(spoken, monkeypatch):
    """It is the film, where the code is still what the worker runs."""
    monkeypatch.setattr(probing, "_INSPECTOR", "plainview.platform.media.not_there_yet")
    row = services.begin_ingest(spoken, source_name=spoken.name)
    work_off()
    row.refresh_from_db()
    assert (row.state, row.problem_code) == (Ingest.State.FAILED, "unsupported")
