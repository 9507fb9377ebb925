"""Import the whole project under the newest Django that runs on this Python, with its deprecations as errors.

The tests do the same for the Django that is pinned. What a newer one takes away is seen here before it is pinned; where
none can be tried, the last line says why.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
import warnings
from pathlib import Path

import django
from django.core.management import call_command
from django.utils import deprecation

ROOT = Path(__file__).resolve().parents[1]
RELEASE = re.compile(r"\((\d+(?:\.\d+)+)\)")


def main() -> int:
    """Exit code 1 when the project does not import."""
    pinned = django.get_version()
    runs_here, any_python = _newest(), _newest("--ignore-requires-python")
    if not runs_here or runs_here == pinned:
        import_project()
    else:
        _import_under(runs_here)
    print(_told(pinned, runs_here, any_python))
    return 0


def _told(pinned: str, runs_here: str, any_python: str) -> str:
    tried = f"Imported under Django {runs_here or pinned} with deprecations as errors."
    if not runs_here:
        return f"{tried} Whether there is a newer one could not be asked: no package index answers."
    if any_python != runs_here:
        return f"{tried} Django {any_python} does not run on Python {platform.python_version()}."
    return f"{tried} There is none newer."


def _newest(*options: str) -> str:
    """The newest release of Django that pip offers; empty when it has nobody to ask."""
    ask = [sys.executable, "-m", "pip", "index", "versions", "django", "--disable-pip-version-check", *options]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    found = RELEASE.search(answer.stdout)
    return found[1] if found else ""


def _import_under(release: str) -> None:
    """In a process of its own, with that Django before the pinned one."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", folder]
        subprocess.run([*pip, "--no-deps", f"django=={release}"], check=True)
        code = "from scripts.check_newest_django import import_project; import_project()"
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": folder})


def import_project() -> None:
    """Set the project up, import every module of it, and run Django's checks; a deprecation is raised."""
    for name in vars(deprecation):
        if name.startswith("RemovedIn"):
            warnings.filterwarnings("error", category=getattr(deprecation, name))
    warnings.filterwarnings("ignore", message="No directory at")  # static files are collected for serving
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundeservice.settings")
    django.setup()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for room in project["tool"]["importlinter"]["root_packages"]:
        for module in pkgutil.walk_packages([str(ROOT / room)], f"{room}."):
            importlib.import_module(module.name)
    call_command("check", verbosity=0)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
