"""The player's words in the page's language; the keys are those of `frontend/player/labels.ts`."""

from __future__ import annotations

from django.utils.translation import pgettext


def player_labels() -> dict[str, str]:
    """Every word that the player shows or speaks; `{…}` marks are filled in by the player."""
    return {
        "player": pgettext("player", "Video player"),
        "play": pgettext("player", "Play"),
        "pause": pgettext("player", "Pause"),
        "mute": pgettext("player", "Mute"),
        "unmute": pgettext("player", "Unmute"),
        "volume": pgettext("player", "Volume"),
        "seek": pgettext("player", "Position"),
        "loading": pgettext("player", "Loading"),
        "fullscreen": pgettext("player", "Full screen"),
        "exitFullscreen": pgettext("player", "Leave full screen"),
        "pictureInPicture": pgettext("player", "Picture in picture"),
        "exitPictureInPicture": pgettext("player", "Leave picture in picture"),
        "settings": pgettext("player", "Settings"),
        "back": pgettext("player", "Back"),
        "close": pgettext("player", "Close"),
        "captions": pgettext("player", "Subtitles"),
        "off": pgettext("player", "Off"),
        "captionStyle": pgettext("player", "Subtitle style"),
        "captionSize": pgettext("player", "Text size"),
        "sizeSmall": pgettext("player", "Small"),
        "sizeNormal": pgettext("player", "Normal"),
        "sizeLarge": pgettext("player", "Large"),
        "sizeHuge": pgettext("player", "Very large"),
        "captionBackground": pgettext("player", "Background"),
        "backgroundShade": pgettext("player", "Shaded"),
        "backgroundSolid": pgettext("player", "Solid"),
        "backgroundNone": pgettext("player", "None"),
        "speed": pgettext("player", "Speed"),
        "speedNormal": pgettext("player", "Normal"),
        "quality": pgettext("player", "Quality"),
        "auto": pgettext("player", "Auto"),
        "autoNow": pgettext("player", "Auto ({quality})"),
        "audio": pgettext("player", "Audio"),
        "audioTrack": pgettext("player", "Track {number}"),
        "hour": pgettext("player", "hour"),
        "hours": pgettext("player", "hours"),
        "minute": pgettext("player", "minute"),
        "minutes": pgettext("player", "minutes"),
        "second": pgettext("player", "second"),
        "seconds": pgettext("player", "seconds"),
        "timeOf": pgettext("player", "{current} of {total}"),
        "timeUnknown": pgettext("player", "The length is not known yet"),
        "shortcuts": pgettext("player", "Keyboard shortcuts"),
        "shortcutsNote": pgettext("player", "They work while the player has the focus."),
        "keySpace": pgettext("player", "Space"),
        "keyHome": pgettext("player", "Home"),
        "keyEnd": pgettext("player", "End"),
        "doToggle": pgettext("player", "Play or pause"),
        "doStep": pgettext("player", "Back or forward 5 seconds"),
        "doJump": pgettext("player", "Back or forward 10 seconds"),
        "doVolume": pgettext("player", "Louder or quieter"),
        "doMute": pgettext("player", "Sound off or on"),
        "doCaptions": pgettext("player", "Subtitles on or off"),
        "doFullscreen": pgettext("player", "Full screen on or off"),
        "doSpeed": pgettext("player", "Slower or faster"),
        "doTenths": pgettext("player", "Jump to 0–90 %"),
        "doEnds": pgettext("player", "To the beginning or the end"),
        "doHelp": pgettext("player", "Show this list"),
        "saidVolume": pgettext("player", "Volume {percent}"),
        "saidMuted": pgettext("player", "Sound off"),
        "saidSpeed": pgettext("player", "Speed {speed}"),
        "saidCaptions": pgettext("player", "Subtitles: {language}"),
        "saidCaptionsFailed": pgettext("player", "These subtitles could not be loaded."),
        "retry": pgettext("player", "Try again"),
        "errorNetwork": pgettext(
            "player", "The connection was lost. Playing goes on as soon as it is back."
        ),
        "errorMissing": pgettext(
            "player", "This film could not be opened. It may have moved or need another permission."
        ),
        "errorMedia": pgettext(
            "player", "The film stopped because a part of it could not be read."
        ),
        "errorUnsupported": pgettext(
            "player", "This browser can't play this film. A current version of it should."
        ),
    }
