"""The demonstration operator's policy, loaded once."""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from plainview.engine import Policy, PolicyErrors, Problem, Prover, load
from plainview.engine.folder import read_folder
from plainview.engine.reading import Reader
from plainview.privacy.authoring import folder as authoring
from plainview.privacy.authoring.cli import policy as command
from plainview.privacy.consent import storage
from plainview.privacy.notice import blocks_of, compose

Run = Callable[..., Result]
FOLDER = Path(__file__).parents[2] / "policy"
FILES = {
    path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(FOLDER.rglob("*.*"))
}
"""Its files, to break some of them without a copy."""
PARTS = read_folder(Reader(FOLDER))
POLICY = load(FOLDER)


def said(policy: Policy, **where: Any) -> str:
    """All that the notice of a policy says, as one text."""
    return "\n".join(map(str, blocks_of(compose(policy, **where))))


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder of the demonstration operator."""
    return FOLDER


@pytest.fixture(scope="session")
def policy() -> Policy:
    """Its policy, from its files alone."""
    return POLICY


@pytest.fixture(scope="session")
def whole() -> Policy:
    """The same with what our own pages keep in browsers, as commands and the service load it."""
    return load(FOLDER, storage.declared())


@pytest.fixture(scope="module")
def prover() -> Prover:
    """Of the demonstration policy."""
    return Prover(POLICY)


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch, whole: Policy) -> None:
    """Commands take the demonstration policy as it was loaded once, and load any other folder."""

    def loaded(folder: Path, given: Mapping[str, str], **more: Any) -> Policy:
        return whole if folder == FOLDER else load(folder, given, **more)

    monkeypatch.setattr(authoring, "load", loaded)


@pytest.fixture
def run(settings, folder: Path) -> Run:
    """Run a command on the demonstration policy, unless told otherwise."""
    settings.POLICY_DIR = folder
    return lambda *words: CliRunner().invoke(command, words)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the folder, to break; `cp` takes a tenth of what Python takes for its files."""
    subprocess.run(["cp", "-R", FOLDER, tmp_path / "policy"], check=True)
    return tmp_path / "policy"


@pytest.fixture
def change(copy: Path) -> Callable[[str, str, str], None]:
    """Replace text in a file of the copy; the text must be there."""

    def replace(file: str, old: str, new: str) -> None:
        text = (copy / file).read_text()
        assert old in text, f"{old!r} is not in {file}"
        (copy / file).write_text(text.replace(old, new, 1))

    return replace


@pytest.fixture
def problems(copy: Path) -> Callable[[], list[Problem]]:
    """Load the copy and return what is wrong with it."""

    def found() -> list[Problem]:
        try:
            load(copy)
        except PolicyErrors as error:
            return error.problems
        return []

    return found
