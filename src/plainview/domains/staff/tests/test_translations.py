"""The translators' page: side by side, checked, in effect at once, signed by whoever read it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings as configured
from django.test import Client

from plainview.domains.accounts.models import User
from plainview.domains.staff import translating
from plainview.domains.staff.commands import translations as command
from plainview.engine import load
from plainview.platform.languages import catalogues
from plainview.web.tests.markup import Markup

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]
PAGES, POLICY = "/desk/translations/ko/pages/", "/desk/translations/ko/policy/"
SEARCH = catalogues.key_of("", "Search")


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """A data folder without changes, and a copy of the policy to write into."""
    settings.TRANSLATIONS = tmp_path / "translations"
    settings.LOCALE_PATHS = [settings.TRANSLATIONS / "locale", configured.LOCALE_PATHS[-1]]
    settings.POLICY_DIR = shutil.copytree(configured.POLICY_DIR, tmp_path / "policy")
    catalogues.refresh()
    yield settings.POLICY_DIR
    settings.TRANSLATIONS = tmp_path / "gone"
    catalogues.refresh()


@pytest.fixture
def desk(at_desk, folder):
    return at_desk(User.objects.create_user("min@lantern.example", roles="translator"))


def shown(desk, address: str) -> dict[str, str]:
    """What the form on a page would send, untouched."""
    markup = Markup(desk.get(address).content.decode())
    hidden = [each for each in markup.all("input") if each.get("type") == "hidden"]
    keys = [each["value"] for each in hidden if each.get("name") == "key"]
    sent = {each["name"]: each["value"] for each in hidden if each["name"].startswith("was:")}
    return {"key": keys, **sent}


def texts(part: str) -> dict[str, translating.Row]:
    return {row.key: row for row in translating.rows("ko", part)}


def test_a_string_is_on_the_pages_as_soon_as_it_is_saved(desk, client):
    sent = shown(desk, f"{PAGES}?q={SEARCH}") | {f"said:{SEARCH}:0": "찾아보기"}
    answer = desk.post(f"{PAGES}?q={SEARCH}", sent)
    assert answer.status_code == 302
    assert "찾아보기" in client.get("/?lang=ko").content.decode()
    assert "Your name" not in desk.get(answer["Location"]).content.decode().partition("<form")[0]
    assert texts("pages")[SEARCH].state == "draft"


def test_by_ear_each_text_is_described_by_what_it_says_in_the_original(desk):
    page = desk.get(f"{PAGES}?q={SEARCH}").content.decode()
    [area] = Markup(page).all("textarea")
    said = re.search(rf'id="{area["aria-describedby"]}">(.*?)</div>', page, re.DOTALL)
    assert "Search" in said[1]


def test_by_ear_each_link_of_the_overview_says_of_what_it_leads_to_how_many(desk):
    """One of forty links that is called 3925 says nothing to whoever hears a list of links."""
    page = desk.get("/desk/translations/").content.decode()
    links = re.findall(r'<a class="link" href="/desk/translations/([^"]+)">(.*?)</a>', page)
    named = [" ".join(re.sub(r"<[^>]+>", " ", inside).split()) for _to, inside in links]
    assert len(set(named)) == len(named) > 4
    assert not [name for name in named if name.isdigit()]
    assert "Pages : Korean" in named


def test_a_lost_placeholder_is_refused_and_nothing_typed_is_lost(desk):
    [key] = [key for key, row in texts("pages").items() if "%(where)s" in row.source[0]]
    other = SEARCH
    sent = {
        "key": [key, other],
        f"was:{key}": texts("pages")[key].was,
        f"was:{other}": texts("pages")[other].was,
        f"said:{key}:0": "여기에서 볼 수 있어요 %(wher)s.",
        f"said:{other}:0": "찾기",
    }
    page = desk.post(PAGES, sent)
    said = page.content.decode()
    assert page.status_code == 422
    assert "It leaves out %(where)s." in said
    assert "여기에서 볼 수 있어요 %(wher)s." in said
    assert texts("pages")[other].said == ("찾기",), "what is right is saved all the same"
    sent[f"said:{key}:0"] = "%(where)s %(when)s"
    assert "Nothing fills in %(when)s." in desk.post(PAGES, sent).content.decode()


def test_two_translators_do_not_overwrite_each_other_unseen(desk):
    sent = shown(desk, f"{PAGES}?q={SEARCH}")
    desk.post(PAGES, sent | {f"said:{SEARCH}:0": "첫째"})
    late = desk.post(PAGES, sent | {f"said:{SEARCH}:0": "둘째"})
    said = late.content.decode()
    assert late.status_code == 422
    assert "Now it says: 첫째" in said
    assert "둘째" in said


def test_each_plural_form_is_asked_for_with_numbers_that_take_it(desk):
    page = desk.get("/desk/translations/ar/pages/?q=%25(days)s day").content.decode()
    for form in ("0<", "1<", "2<", "3, 4, 5, 6, 7…", "11, ", "100, "):
        assert f'Where the number is <bdi dir="ltr">{form}' in page
    [row] = [each for each in translating.rows("ar", "pages") if each.source[0] == "%(days)s day"]
    half = {f"said:{row.key}:{n}": "يوم" if n < 2 else "" for n in range(6)}
    sent = {"key": row.key, f"was:{row.key}": row.was, **half}
    answer = desk.post("/desk/translations/ar/pages/", sent)
    assert "Say something in every form." in answer.content.decode()
    whole = {f"said:{row.key}:{n}": "يوم واحد" if n == 1 else "%(days)s ي" for n in range(6)}
    assert desk.post("/desk/translations/ar/pages/", sent | whole).status_code == 302


def test_a_placeholder_stays_whole_among_words_set_right_to_left(desk):
    """In the box two marks stand before and after it, which are never saved."""
    address = "/desk/translations/ar/pages/?q=%25(where)s"
    [row] = [each for each in translating.rows("ar", "pages") if "%(where)s" in each.source[0]]
    shown_as = "\u200e\u200e%(where)s\u200e\u200e"
    assert shown_as in desk.get(address).content.decode()
    sent = shown(desk, address) | {f"said:{row.key}:0": f"هنا {shown_as}"}
    assert desk.post(address, sent).status_code == 302
    [row] = [each for each in translating.rows("ar", "pages") if "%(where)s" in each.source[0]]
    assert row.said == ("هنا %(where)s",)


def test_p0h_whoever_read_a_string_signs_it_as_it_stands(desk):
    sent = shown(desk, f"{PAGES}?q={SEARCH}") | {"read": SEARCH}
    nameless = desk.post(PAGES, sent)
    assert nameless.status_code == 422
    assert "Say under which name" in nameless.content.decode()
    assert re.search(r'<input id="name"[^>]*aria-invalid="true"', nameless.content.decode())
    desk.post(PAGES, sent | {"name": "Min Seo"})
    assert (texts("pages")[SEARCH].state, texts("pages")[SEARCH].reviewed) == (
        "reviewed",
        "Min Seo",
    )
    desk.post(PAGES, shown(desk, f"{PAGES}?q={SEARCH}") | {f"said:{SEARCH}:0": "다시"})
    assert texts("pages")[SEARCH].state == "draft", "nobody has read the new words"


def test_p0h_a_sentence_of_the_policy_waits_for_its_next_version(desk, folder):
    key = "sources.mail"
    sent = shown(desk, f"{POLICY}?file=sources")
    desk.post(
        f"{POLICY}?file=sources",
        sent | {f"said:{key}:0": 'Min의 "편지"', "read": "sources", "name": "Min Seo"},
    )
    row = texts("policy")[key]
    assert (row.said, row.waits, row.state) == (('Min의 "편지"',), True, "reviewed")
    assert load(folder).text(key, "ko") != 'Min의 "편지"'
    done = CliRunner().invoke(command, ["export", "--language", "ko", "--policy", str(folder)])
    assert "sources.toml" in done.output, done.output
    policy = load(folder)
    assert policy.text(key, "ko") == 'Min의 "편지"'
    assert "sources" not in policy.unreviewed()["ko"]
    assert "sources" in policy.unreviewed()["ar"]


def test_a_sentence_whose_original_was_reworded_is_found_and_settled_by_saving(desk, folder):
    english = folder / "texts" / "en" / "sources.toml"
    english.write_text(english.read_text().replace("a mail you sent", "a letter you sent"))
    page = desk.get(f"{POLICY}?state=stale").content.decode()
    assert "a letter you sent" in page
    sent = shown(desk, f"{POLICY}?state=stale") | {"said:sources.mail:0": "보낸 편지"}
    desk.post(POLICY, sent)
    assert not [row for row in texts("policy").values() if row.state == "stale"]


def test_export_writes_the_files_that_ship(desk, tmp_path):
    desk.post(PAGES, shown(desk, f"{PAGES}?q={SEARCH}") | {f"said:{SEARCH}:0": "찾아보기"})
    done = CliRunner().invoke(command, ["export", "--language", "ko", "--pages", str(tmp_path)])
    assert done.exit_code == 0, done.output
    written = (tmp_path / "ko" / "LC_MESSAGES" / "django.po").read_text()
    assert 'msgid "Search"\nmsgstr "찾아보기"' in written
    shipped = configured.LOCALE_PATHS[-1] / "ko" / "LC_MESSAGES" / "django.po"
    before, after = set(shipped.read_text().split("\n\n")), set(written.split("\n\n"))
    assert len(after - before) == 1


def test_a_term_of_the_glossary_is_shown_and_missed(desk):
    sent = shown(desk, f"{POLICY}?file=rights&q=erase")
    assert sent["key"]
    assert "term.term" not in json.dumps(sent)
    page = desk.get(f"{POLICY}?q=consent").content.decode()
    assert "동의" in page


def test_the_page_keeps_its_own_direction_beside_texts_of_another(desk):
    page = desk.get("/desk/translations/ar/policy/?q=consent&lang=en").content.decode()
    assert '<html lang="en" dir="ltr"' in page
    assert 'lang="ar" dir="rtl" data-send' in page


def test_only_translators_and_administrators_come_in(at_desk, folder):
    editor = at_desk(User.objects.create_user("ed@lantern.example", roles="editor"))
    for address in ("/desk/translations/", PAGES):
        assert editor.get(address).status_code == 403
    assert Client().get(PAGES).status_code == 302


def test_strangers_addresses_lead_nowhere(desk):
    for address in ("en/pages", "ko/else", "xx/pages", "..%2f/pages"):
        assert desk.get(f"/desk/translations/{address}/").status_code == 404
    assert desk.get("/desk/translations/").status_code == 200
