"""Remembering how a member likes the player."""

from __future__ import annotations

from collections.abc import Mapping

from plainview.domains.playback.models import LOOKS, PlayerSettings

LONGEST_TAG = 35


def keep_settings(
    account: int,
    *,
    language: str,
    second: str,
    look: Mapping[str, str],
    play_next: bool | None,
    data_saver: bool | None,
) -> None:
    """Remember how a member wants the player (P2.1.3b).

    Raises ValueError for a look that there is not. What is as at first is not kept.
    """
    if any(value not in LOOKS.get(part, ()) for part, value in look.items()):
        raise ValueError("there is no such look of subtitles")
    if max(len(language), len(second)) > LONGEST_TAG:
        raise ValueError("there is no such language")
    PlayerSettings.objects.update_or_create(
        account_id=account,
        defaults={
            "caption_language": language,
            "second_language": second,
            "look": {part: value for part, value in look.items() if value != LOOKS[part][0]},
            "play_next": play_next,
            "data_saver": data_saver,
        },
    )
