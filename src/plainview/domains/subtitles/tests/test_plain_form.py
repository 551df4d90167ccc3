"""The studio without script: one form for all lines of a page, and no button that drops one."""

import re

from plainview.domains.subtitles import queries


def test_whoever_claims_segments_without_script_keeps_what_they_typed(film, korean, mira):
    address, row = f"/studio/{film.key}/ko/", queries.rows(korean)[0]
    typed = {f"line-{row.segment}": "등대", f"was-{row.segment}": "", f"version-{row.segment}": "0"}
    page = mira.post(address, typed | {"claim": "0"}, follow=True).content.decode()
    assert "yours for half an hour" in page and "1 line saved." in page
    assert queries.rows(korean)[0].text == "등대"


def test_enter_in_a_field_of_one_line_saves_and_claims_nothing(film, korean, mira):
    """The first button of a form is what Enter presses."""
    page = mira.get(f"/studio/{film.key}/ko/").content.decode()
    form = page[page.index("data-plain") :]
    buttons = re.findall(r"<button[^>]*>", form)
    assert "name=" not in buttons[0] and 'name="claim"' in buttons[1]
