#!/usr/bin/env python3
"""Sets everything up that a command needs, then runs it: `python3 tools/bootstrap.py run`.

Needs Python 3.11+ and the package registries, nothing else; this file itself runs on any Python 3,
so that it can look for a newer one. Each step leaves a stamp made of its inputs when it has ended,
so a half-done set-up goes on where it stopped, and a finished one costs a tenth of a second.
"""

import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, os.environ.get("VENV", ".venv"))
NODE = os.path.join(ROOT, ".node")
FRONTEND = os.path.join(ROOT, "frontend")
BUILD = os.path.join(ROOT, "src", "plainview", "web", "static", "build")
PYTHON = os.path.join(VENV, "bin", "python")
LOG = os.path.join(ROOT, "var", "setup.log")
OLDEST, NEWEST = (3, 11), (3, 14)
NODE_OLDEST = (20, 19)
STARTED = time.time()

# What is compiled lies beside the packages, not among the sources, and every process starts in half
# the time, also where the machine says that Python shall write no bytecode.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    os.environ.setdefault("PYTHONPYCACHEPREFIX", os.path.join(VENV, "bytecode"))


class Trouble(Exception):
    """A step failed; the text says what happened and what to do."""


class NoRegistry(Trouble):
    """A package registry can't be reached, or is not believed."""


AWAY = ("NewConnectionError", "error sending request", "ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN")
UNPROVED = ("UnknownIssuer", "CERTIFICATE_VERIFY_FAILED", "UNABLE_TO_GET_ISSUER", "SELF_SIGNED")


def say(text):
    print("[%5.1f s] %s" % (time.time() - STARTED, text), flush=True)


def call(command, what, cwd=ROOT, env=None):
    """Run a command, its words going to the log; raises Trouble with the last of them."""
    with open(LOG, "ab") as log:
        log.write(("\n$ %s\n" % " ".join(command)).encode())
        log.flush()
        where = log.tell()
        done = subprocess.call(
            command,
            cwd=cwd,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    if done:
        with open(LOG, "rb") as log:
            log.seek(where)
            words = log.read().decode("utf-8", "replace")
        if any(sign in words for sign in UNPROVED):
            raise NoRegistry(
                "%s failed, since nobody here vouches for the package registry's certificate.\n"
                "  If your network looks into TLS, name its certificates: SSL_CERT_FILE,"
                " NODE_EXTRA_CA_CERTS." % what
            )
        if any(sign in words for sign in AWAY):
            raise NoRegistry(
                "%s failed, since the package registry can't be reached.\n  See to the network, or"
                " name a proxy (https_proxy) or a mirror of yours (PIP_INDEX_URL and UV_INDEX_URL,"
                " npm_config_registry); the same command again goes on from here." % what
            )
        tail = words.splitlines()[-15:]
        raise Trouble(
            "%s failed:\n    %s\n  The whole story is in %s; the same command again goes on from "
            "here." % (what, "\n    ".join(tail), os.path.relpath(LOG, ROOT))
        )


# Stamps


def fingerprint(*names):
    """A hash over the content of files and folders below the repository."""
    digest = hashlib.sha256()
    for name in names:
        path = os.path.join(ROOT, name)
        files = [path]
        if os.path.isdir(path):
            files = [
                os.path.join(folder, file)
                for folder, inner, found in os.walk(path)
                if not _skip(inner)
                for file in found
            ]
        for file in sorted(files):
            digest.update(os.path.relpath(file, ROOT).encode())
            with open(file, "rb") as content:
                digest.update(content.read())
    return digest.hexdigest()


def _skip(inner):
    inner[:] = sorted(n for n in inner if n not in ("node_modules", "dist", "__pycache__"))


def fresh(folder, step, stamp):
    """Whether `step` was finished in `folder` with just these inputs."""
    try:
        with open(os.path.join(folder, ".done-" + step)) as file:
            return file.read() == stamp
    except OSError:
        return False


def done(folder, step, stamp):
    with open(os.path.join(folder, ".done-" + step), "w") as file:
        file.write(stamp)


# Python


def find_python():
    """The newest suitable Python on the machine: the one asked for, else this one, else by name."""
    names = [os.environ.get("PYTHON", ""), sys.executable]
    names += ["python3.13", "python3.12", "python3.11", "python3.14", "python3"]
    for name in names:
        path = name and shutil.which(name)
        if path and version_of(path) >= OLDEST:
            return path
    raise Trouble(
        "Python %d.%d or newer is needed and was not found (this is %d.%d).\n"
        "  Install one, or name it: make run PYTHON=/path/to/python3"
        % (OLDEST + sys.version_info[:2])
    )


def version_of(python):
    """The version of a Python, such as (3, 13); () of what is none."""
    probe = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return () if probe.returncode else tuple(map(int, probe.stdout.split()))


def make_venv():
    """The project's own virtual environment, made anew if it is broken."""
    works = (
        subprocess.call([PYTHON, "-c", ""], stderr=subprocess.DEVNULL)
        if os.path.exists(PYTHON)
        else 1
    )
    if works == 0 and fresh(VENV, "venv", "whole"):
        return
    python = find_python()
    say("Making a virtual environment with %s" % python)
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        call([python, "-m", "venv", VENV], "making the virtual environment")
    except Trouble:
        # Debian ships Python without ensurepip; its pip, if there, can serve another environment.
        shutil.rmtree(VENV, ignore_errors=True)
        has_pip = subprocess.call(
            [python, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if has_pip:
            raise Trouble(
                "This Python can't make virtual environments.\n"
                "  On Debian or Ubuntu: apt install python3-venv"
            ) from None
        call([python, "-m", "venv", "--without-pip", VENV], "making the virtual environment")
    done(VENV, "venv", "whole")


def pip(*arguments):
    """The command that installs into the virtual environment: uv, or pip where uv can't be had."""
    uv = os.path.join(VENV, "bin", "uv")
    if not os.path.exists(uv):
        installer = [PYTHON, "-m", "pip"]
        if subprocess.call(installer + ["--version"], stdout=-3, stderr=-3):
            installer = [find_python(), "-m", "pip", "--python", PYTHON]
        try:
            lock = os.path.join(ROOT, "requirements", "uv.txt")
            call(installer + ["install", "-q", "--require-hashes", "-r", lock], "installing uv")
        except NoRegistry:
            raise
        except Trouble:
            return installer + list(arguments)
    return [uv, "pip"] + list(arguments) + ["--python", PYTHON]


def install_python(lock):
    """Everything in requirements/<lock>.txt, by hash, and the project itself, editable."""
    stamp = fingerprint("requirements/%s.txt" % lock, "pyproject.toml")
    if fresh(VENV, "python-" + lock, stamp):
        return
    say("Installing Python packages (%s)" % lock)
    path = os.path.join(ROOT, "requirements", lock + ".txt")
    try:
        call(pip("install", "-q", "--require-hashes", "-r", path), "installing Python packages")
    except NoRegistry:
        raise
    except Trouble as trouble:
        version = version_of(PYTHON)
        if version <= NEWEST:
            raise
        shutil.rmtree(VENV, ignore_errors=True)  # so that another Python makes it anew
        raise Trouble(
            "%s\n\n  This is Python %d.%d, and not every package is built for it yet. Any from"
            " %d.%d to %d.%d\n  will do: make run PYTHON=python%d.%d"
            % ((trouble,) + version + OLDEST + NEWEST + NEWEST)
        ) from None
    own = pip("install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT)
    call(own, "installing the project")
    name_from_there()
    done(VENV, "python-" + lock, stamp)


def name_from_there():
    """Let the environment name our folder as seen from its own, in letters that any locale reads.

    Python before 3.13 reads such a file by the locale, and as ASCII where that is `C`.
    """
    sources = os.path.join(ROOT, "src")
    for path in glob.glob(
        os.path.join(glob.escape(VENV), "lib", "python*", "site-packages", "*.pth")
    ):
        with open(path, encoding="utf-8") as file:
            names_us = file.read().strip() == sources
        if names_us:
            with open(path, "w", encoding="utf-8") as file:
                file.write(os.path.relpath(sources, os.path.dirname(path)) + "\n")


# Front end


def node_folder():
    """The folder of a Node that is new enough: the machine's, else one from PyPI."""
    node = shutil.which("node")
    if node and shutil.which("npm"):
        probe = subprocess.run([node, "--version"], stdout=subprocess.PIPE)
        version = tuple(map(int, probe.stdout.decode().strip().lstrip("v").split(".")[:2]))
        if version >= NODE_OLDEST:
            return os.path.dirname(node)
    stamp = fingerprint("requirements/node.txt")
    folder = os.path.join(NODE, "bin")
    if not fresh(NODE, "node", stamp):
        say("Installing Node from PyPI")
        shutil.rmtree(NODE, ignore_errors=True)
        call([PYTHON, "-m", "venv", "--without-pip", NODE], "making a place for Node")
        lock = os.path.join(ROOT, "requirements", "node.txt")
        own = os.path.join(folder, "python")
        command = pip("install", "-q", "--require-hashes", "-r", lock)
        if "--python" in command:
            command[command.index("--python") + 1] = own
        else:
            command[3:3] = ["--python", own]  # after `python -m pip`
        call(command, "installing Node")
        done(NODE, "node", stamp)
    return folder


def build_frontend():
    """The built pages' scripts and styles in src/plainview/web/static/build."""
    packages = fingerprint("frontend/package.json", "frontend/package-lock.json")
    sources = fingerprint("frontend")
    modules = os.path.join(FRONTEND, "node_modules")
    if os.path.isdir(BUILD) and fresh(BUILD, "build", sources):
        return
    env = dict(os.environ, CI="1")
    env["PATH"] = node_folder() + os.pathsep + env.get("PATH", "")
    if not (os.path.isdir(modules) and fresh(modules, "npm", packages)):
        say("Installing front-end packages")
        call(
            ["npm", "ci", "--no-audit", "--no-fund"], "installing front-end packages", FRONTEND, env
        )
        done(modules, "npm", packages)
    say("Building the front end")
    call(["npm", "run", "build"], "building the front end", FRONTEND, env)
    done(BUILD, "build", sources)


def npm(*arguments):
    """Run an npm script of the front end, its words shown."""
    env = dict(os.environ, CI="1")
    env["PATH"] = node_folder() + os.pathsep + env.get("PATH", "")
    return subprocess.call(["npm", "run", "--silent"] + list(arguments), cwd=FRONTEND, env=env)


# The service


def collect():
    """Static files under names that carry their hash, compressed, for serving."""
    stamp = fingerprint("src/plainview/web/static", "requirements/run.txt")
    gathered = os.path.join(ROOT, "src", "plainview", "web", "gathered")
    if fresh(gathered, "static", stamp):
        return
    coming = gathered + ".coming"
    shutil.rmtree(coming, ignore_errors=True)
    gather(coming)
    keep_earlier(gathered, coming)
    done(coming, "static", stamp)
    gone = gathered + ".gone"
    shutil.rmtree(gone, ignore_errors=True)
    if os.path.exists(gathered):
        os.rename(gathered, gone)
    os.rename(coming, gathered)
    shutil.rmtree(gone, ignore_errors=True)


def gather(folder):
    """Static files into a folder; by Django itself, since the service's user has to read them."""
    command = [PYTHON, "-m", "django", "collectstatic", "--noinput", "-v0"]
    data = tempfile.mkdtemp()  # no service's, whose settings may not be here yet
    try:
        more = {"DJANGO_SETTINGS_MODULE": "plainview.settings", "DJANGO_COLLECTING": folder}
        env = dict(os.environ, PLAINVIEW_DATA_DIR=data, **more)
        call(command, "collecting static files", env=env)
    finally:
        shutil.rmtree(data)


def keep_earlier(old, new):
    """The files of the time before, which pages name that are served or kept already."""
    try:
        with open(os.path.join(old, "staticfiles.json")) as manifest:
            named = json.load(manifest)["paths"].values()
    except (OSError, ValueError):
        return
    for name in (name + end for name in named for end in ("", ".gz")):
        there, here = os.path.join(old, name), os.path.join(new, name)
        if os.path.exists(there) and not os.path.exists(here):
            os.makedirs(os.path.dirname(here), exist_ok=True)
            shutil.copy2(there, here)


def translate():
    """Compiled translations beside their sources."""
    stamp = fingerprint("src/plainview/web/locale")
    if fresh(VENV, "locale", stamp):
        return
    call([PYTHON, os.path.join("tools", "messages.py"), "compile"], "compiling translations")
    done(VENV, "locale", fingerprint("src/plainview/web/locale"))


def fetch_django_tests():
    """Django's own tests, which the gate's must pass; without them the suite says so."""
    try:
        call([PYTHON, os.path.join("tools", "django_tests.py")], "fetching Django's tests")
    except Trouble as trouble:
        say("%s" % trouble)


def set_up(lock, whole=False):
    """All that a clean clone lacks, and a whole run of the tests; side by side where it can be."""
    os.makedirs(os.path.dirname(LOG), exist_ok=True)
    make_venv()
    pip()
    troubles = []

    def attempt(step, *arguments):
        try:
            step(*arguments)
        except Trouble as trouble:
            troubles.append(trouble)

    other = threading.Thread(target=attempt, args=(build_frontend,))
    other.start()
    attempt(install_python, lock)
    other.join()
    if troubles:
        raise troubles[0]
    fetching = threading.Thread(target=fetch_django_tests)
    if whole:
        fetching.start()
    translate()
    collect()
    if whole:
        fetching.join()


def main():
    if len(sys.argv) < 2:
        raise SystemExit("usage: bootstrap.py setup|run|test|… (see `make help`)")
    verb, rest = sys.argv[1], sys.argv[2:]
    os.chdir(ROOT)
    try:
        whole = verb == "test" and "--fast" not in rest
        set_up("run" if verb in ("run", "setup") else "dev", whole)
    except Trouble as trouble:
        raise SystemExit("\nSet-up stopped: %s" % trouble) from None
    if verb == "setup":
        say("Everything is set up")
    elif verb == "run":
        say("Starting")
        os.execv(PYTHON, [PYTHON, "-m", "plainview", "serve", "--demo"] + rest)
    elif verb == "npm":
        raise SystemExit(npm(*rest))
    else:
        os.execv(PYTHON, [PYTHON, os.path.join("tools", verb + ".py")] + rest)


if __name__ == "__main__":
    main()
