"""Readers of environment variables that refuse nonsense.

A misspelt switch must stop the program with a message that names the variable, never silently mean "off".
Plain Python without Django, because the settings themselves are read through it.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class EnvironmentProblem(Exception):
    """An environment variable holds something that cannot be meant."""


class Environment:
    """Typed look-ups in a mapping of environment variables; an empty value counts as not set."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def text(self, name: str, default: str = "") -> str:
        """Return the value without surrounding blanks, or `default` when it is not set."""
        return self._values.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a switch; anything but 1/0, true/false, yes/no, on/off is refused."""
        value = self.text(name)
        if not value:
            return default
        if value.lower() in TRUE_WORDS:
            return True
        if value.lower() in FALSE_WORDS:
            return False
        raise EnvironmentProblem(
            f"{name}={value!r} is not a switch. Write one of {', '.join(sorted(TRUE_WORDS))} to turn it on, "
            f"or {', '.join(sorted(FALSE_WORDS))} to turn it off."
        )

    def whole_number(self, name: str, *, default: int, least: int = 0, most: int | None = None) -> int:
        """Return a whole number within `least` … `most` (both included)."""
        value = self.text(name)
        if not value:
            return default
        bounds = f"from {least}" + ("" if most is None else f" to {most}")
        if not (value.isascii() and value.isdigit()):
            raise EnvironmentProblem(f"{name}={value!r} is not a whole number {bounds}.")
        number = int(value)
        if number < least or (most is not None and number > most):
            raise EnvironmentProblem(f"{name}={number} is out of bounds: it must be a whole number {bounds}.")
        return number

    def words(self, name: str, *, default: tuple[str, ...] = ()) -> list[str]:
        """Return a comma-separated list without blanks and empty items."""
        value = self.text(name)
        if not value:
            return list(default)
        return [word.strip() for word in value.split(",") if word.strip()]

    def choice(self, name: str, *, options: tuple[str, ...], default: str) -> str:
        """Return one of `options`, however its letters are cased."""
        value = self.text(name, default)
        for option in options:
            if value.lower() == option.lower():
                return option
        raise EnvironmentProblem(f"{name}={value!r} is unknown. Write one of {', '.join(options)}.")

    def folder(self, name: str, *, default: Path) -> Path:
        """Return an absolute path; a relative one would depend on where the program is started."""
        path = Path(self.text(name, str(default)))
        if not path.is_absolute():
            raise EnvironmentProblem(f"{name}={str(path)!r} must be an absolute path.")
        return path

    def url(self, name: str, *, schemes: tuple[str, ...], default: str = "") -> str:
        """Return an address with one of `schemes` and, unless it names a file, a host; "" when not set."""
        value = self.text(name, default)
        if not value:
            return ""
        scheme = urlsplit(value).scheme
        if scheme not in schemes:
            allowed = ", ".join(f"{scheme}://" for scheme in schemes)
            raise EnvironmentProblem(f"{name} must start with one of {allowed}")
        return value
