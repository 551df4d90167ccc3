"""The `plainview subtitles` command."""

from __future__ import annotations

from pathlib import Path

import click

from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles import formats, services
from plainview.platform.storage.given import File
from plainview.privacy.gate.doors import runs


@click.command()
@click.argument("video")
@click.argument("files", nargs=-1, required=True, type=File())
@click.option("--language", default="", help="Language tag, such as `pt-BR`, for a single file.")
@runs("playback", source="staff", everyone="an operator adds subtitles, without an account")
def subtitles(video: str, files: tuple[Path, ...], language: str) -> None:
    """Add subtitle FILES (SRT, WebVTT, ASS, TTML, SAMI, …) to VIDEO, the key of its watch page.

    The language is taken from the file or from a name such as `film.ko.srt`.
    """
    if language and len(files) > 1:
        raise click.UsageError("--language goes with a single file")
    found = Video.objects.filter(key=video).first()
    if found is None:
        raise click.ClickException(f"no video has the key {video}")
    failed = 0
    for file in files:
        try:
            with file.open("rb") as source:
                data = source.read(formats.MAX_BYTES + 1)
            tracks = services.import_file(found, data, filename=file.name, language=language)
        except formats.SubtitleError as error:
            failed += 1
            click.echo(f"{file.name}: {error.message} {error.remedy}", err=True)
            continue
        for track in tracks:
            click.echo(f"{file.name}: {track.cues.count()} cues in {track.label}")
            for note in track.notes:
                click.echo(f"  Note: {note}")
    if failed:
        raise SystemExit(1)
