"""Times and cuts: set all or none, each taken back without losing a line (P1.1.5a)."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Video
from plainview.domains.playback.models import Package
from plainview.domains.subtitles import quality, queries, services
from plainview.domains.subtitles.models import Claim, Edition, Retiming, Revision, Segment
from plainview.domains.subtitles.services import Change, Search, proposing
from plainview.domains.subtitles.tests.conftest import SRT
from plainview.platform import media
from plainview.platform.identifiers import new_key

pytestmark = pytest.mark.django_db


def contributor(name: str) -> int:
    account = User.objects.create_user(f"{name}@lantern.example").pk
    services.agree(account, services.TERMS)
    return account


@pytest.fixture
def mira():
    return contributor("mira")


@pytest.fixture
def korean(film, mira):
    return services.open_edition(film, "ko", account=mira)


def spans(edition) -> list[tuple[int, int, str]]:
    return [(row.start_ms, row.end_ms, row.text) for row in queries.rows(edition)]


def write(edition, at: int, text: str, account: int) -> None:
    row = queries.rows(edition)[at]
    services.save_line(edition.pk, row.segment, account=account, text=text, based_on=row.version)


def changes(edition, by: int) -> list[Change]:
    return [
        Change(row.segment, row.timing, row.start_ms + by, row.end_ms + by)
        for row in queries.rows(edition)
    ]


def test_many_times_are_set_all_or_none(korean, mira):
    seen = changes(korean, 40)
    services.set_all_times(korean.pk, seen, account=mira, act="shift")
    assert [start for start, _end, _text in spans(korean)] == [1040, 3240, 6040]
    assert Retiming.objects.filter(act="shift", account=mira).count() == 3
    late = [*changes(korean, 40)[:2], Change(seen[2].segment, seen[2].based_on, 7000, 8000)]
    with pytest.raises(services.Conflict):
        services.set_all_times(korean.pk, late, account=mira, act="shift")
    assert [start for start, _end, _text in spans(korean)] == [1040, 3240, 6040]
    before = [Change(each.segment, 2, each.start_ms - 1200, 500) for each in changes(korean, 0)]
    for outside in (before, [Change(seen[2].segment, 2, 6040, 48 * 3_600_000 + 1)]):
        with pytest.raises(services.Refusal, match="within the film"):
            services.set_all_times(korean.pk, outside, account=mira, act="shift")
    with pytest.raises(services.Refusal):
        services.set_all_times(korean.pk, [], account=mira, act="shift")


def test_a_merge_is_taken_back_in_every_language(film, korean, mira):
    write(korean, 0, "안녕하세요.", mira)
    write(korean, 1, "불이 켜졌어요?", mira)
    english = Edition.objects.get(video=film, language="en")
    before = {each.pk: spans(each) for each in (korean, english)}
    first, second, *_rest = queries.rows(korean)
    services.merge_segments(korean.pk, first.segment, account=mira)
    assert spans(english)[0] == (1000, 5000, "Good evening.\nIs the lamp lit?")
    services.part_segments(
        korean.pk, first.segment, second.segment, account=mira, end_ms=first.end_ms
    )
    assert {each.pk: spans(each) for each in (korean, english)} == before
    for each in (korean, english):
        each.refresh_from_db()
    assert (korean.filled, english.filled) == (2, 3)


def test_a_line_written_over_the_joined_one_stays(korean, mira):
    write(korean, 0, "안녕하세요.", mira)
    write(korean, 1, "불이 켜졌어요?", mira)
    first, second, *_rest = queries.rows(korean)
    services.merge_segments(korean.pk, first.segment, account=mira)
    write(korean, 0, "안녕하세요, 불이 켜졌어요?", mira)
    services.part_segments(
        korean.pk, first.segment, second.segment, account=mira, end_ms=first.end_ms
    )
    assert [text for _start, _end, text in spans(korean)][:2] == [
        "안녕하세요, 불이 켜졌어요?",
        "불이 켜졌어요?",
    ]


def test_a_split_is_taken_back_and_done_again_without_losing_a_word(korean, mira):
    write(korean, 0, "안녕 하세요", mira)
    row = queries.rows(korean)[0]
    _first, second = services.split_segment(
        korean.pk, row.segment, account=mira, at_ms=2000, texts=("안녕", "하세요")
    )
    split = spans(korean)
    services.merge_segments(korean.pk, row.segment, account=mira, text="안녕 하세요")
    assert spans(korean)[0] == (1000, 3000, "안녕 하세요")
    services.part_segments(korean.pk, row.segment, second.pk, account=mira, end_ms=2000)
    assert spans(korean) == split
    services.merge_segments(korean.pk, row.segment, account=mira, text="안녕 하세요")
    # A merge with an empty line joins no words; parting it leaves the first one's alone.
    following = queries.rows(korean)[1].segment
    services.merge_segments(korean.pk, row.segment, account=mira)
    services.part_segments(korean.pk, row.segment, following, account=mira, end_ms=3000)
    assert spans(korean)[0] == (1000, 3000, "안녕 하세요")


def test_a_segment_taken_away_comes_back_with_its_line(film, korean, mira):
    added = services.add_segment(korean.pk, account=mira, start_ms=9000, end_ms=9900)
    write(korean, 3, "끝", mira)
    services.remove_segment(korean.pk, added.pk, account=mira, based_on=1)
    korean.refresh_from_db()
    assert (len(spans(korean)), korean.filled) == (3, 0)
    services.bring_back(korean.pk, added.pk, account=mira)
    korean.refresh_from_db()
    assert (spans(korean)[3], korean.filled) == ((9000, 9900, "끝"), 1)
    with pytest.raises(services.Refusal, match="brought back already"):
        services.bring_back(korean.pk, added.pk, account=mira)
    english = Segment.objects.filter(video=film).first()
    with pytest.raises(services.Refusal, match="Another language has a line here"):
        services.remove_segment(korean.pk, english.pk, account=mira, based_on=1)


@pytest.mark.usefixtures("read_here")
def test_words_are_replaced_where_one_may_and_all_of_it_is_taken_back(film, korean, mira):
    """Every episode of the title; not in a stretch of somebody else's, not in another language."""
    tom = contributor("tom")
    later = Video.objects.create(title=film.title, language="en")
    services.import_file(later, SRT, filename="film.en.srt")
    second = services.open_edition(later, "ko", account=tom)
    write(korean, 0, "등대 불, 등대 불", mira)
    write(korean, 2, "등대<i>불</i>", mira)
    write(second, 0, "등대 불", tom)
    write(second, 2, "등대 불 아래", tom)
    services.claim(second, account=tom, from_ms=6000)
    search = Search(words="등대 불", instead="등댓불")
    places = services.find_words(services.editions_of_title(korean), search)
    assert [(each.before, each.after) for each in places] == [
        ("등대 불, 등대 불", "등댓불, 등댓불"),
        ("등대 불", "등댓불"),
        ("등대 불 아래", "등댓불 아래"),
    ]
    done = services.replace_words(places, account=mira)
    assert (done.saved, [why for _place, why in done.left]) == (
        2,
        ["Somebody else is working on this part."],
    )
    assert Claim.objects.exists()
    write(second, 0, "등댓불!", tom)
    assert services.take_replacement_back(done.mark, account=tom) == (0, 0)
    assert services.take_replacement_back(done.mark, account=mira) == (1, 1)
    assert spans(korean)[0][2] == "등대 불, 등대 불"
    assert spans(second)[0][2] == "등댓불!"
    assert Revision.objects.filter(line__edition=korean).count() == 4


def test_words_are_found_as_they_are_meant(film):
    english = services.open_edition(film, "en")

    def found(**search: object) -> int:
        return len(services.find_words([english], Search(**search)))

    assert found(words="LAMP") == 1
    assert found(words="LAMP", match_case=True) == 0
    assert found(words="i") == 3
    assert found(words="it", whole_words=True) == 1
    assert found(words="(.*)") == 0
    with pytest.raises(services.Refusal):
        found(words="  ")


def test_proposals_are_cut_by_the_limits_and_never_over_what_people_made():
    limits = quality.current_limits("en")
    speech = [(1000, 2000), (2300, 2500), (4000, 20_000)]
    spans = proposing.cut(speech, [9000], Fraction(25), limits)
    assert spans[0] == (1000, 2200)  # a hang after the voice, the least gap before the next
    assert spans[1] == (2320, 3120)  # on frames, and as long as the limits' least
    assert spans[2] == (4000, 8920)  # cut where the shot begins
    assert all(end - start <= limits.max_ms for start, end in spans)
    assert all(spans[at][1] <= spans[at + 1][0] for at in range(len(spans) - 1))
    assert proposing.apart(spans, [(0, 1500), (2400, 2401), (8930, 8990)]) == spans[2:]


def test_people_take_proposals_up_change_them_or_turn_them_down(film, korean, mira):
    key = new_key()
    package = Package.objects.create(
        video=film, key=key, duration_ms=30_000, width=2, height=2, contents={}
    )
    with pytest.raises(services.Refusal, match="still being listened to"):
        services.propose(korean, account=mira)
    heard = media.Outline(
        fps=Fraction(25),
        duration_ms=30_000,
        shots=(),
        speech=((1000, 3000), (9000, 10_000), (12_000, 13_000), (15_000, 16_000)),
    )
    package.folder.mkdir(parents=True)
    (package.folder / "outline.json").write_bytes(msgspec.json.encode(heard, enc_hook=str))
    before = spans(korean)
    found = services.propose(korean, account=mira)
    assert [each.start_ms for each in found] == [9000, 12_000, 15_000]
    assert spans(korean) == before
    services.add_segment(korean.pk, account=mira, start_ms=9100, end_ms=9900)
    made, late = services.take_up(korean.pk, [found[0].pk], account=mira)
    assert (made, late) == ([], [found[0].pk])
    made, late = services.take_up(korean.pk, [found[1].pk], account=mira, times=(12_040, 13_000))
    assert spans(korean)[-1][:2] == (12_040, 13_000)
    assert Retiming.objects.get(segment=made[0]).account_id == mira
    services.turn_down(korean.pk, [found[2].pk], account=mira)
    assert services.propose(korean, account=mira) == []
    back, gone = services.put_back(korean.pk, [found[1].pk, found[2].pk], account=mira)
    assert (len(back), gone) == (2, [made[0].pk])
    made, _late = services.take_up(korean.pk, [each.pk for each in back], account=mira)
    write(korean, 4, "끝", mira)
    back, gone = services.put_back(korean.pk, [each.pk for each in back], account=mira)
    assert (len(back), gone) == (1, [made[1].pk])
    assert spans(korean)[4][2] == "끝"
