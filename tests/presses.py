"""A press for tests: real, but kept warm, because starting a cold one costs more than setting a report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from awards.report.document.press import Press


class WarmPress(Press):
    """Stays open when it is closed, unless its child has died."""

    def close(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            super().close()

    def end(self) -> None:
        super().close()


@pytest.fixture(scope="session")
def shared_press() -> Iterator[WarmPress]:
    press = WarmPress()
    yield press
    press.end()


@pytest.fixture
def warm_press(shared_press: WarmPress, monkeypatch: pytest.MonkeyPatch) -> WarmPress:
    """Let the report services use one warm press."""
    monkeypatch.setattr("awards.report.services.Press", lambda: shared_press)
    monkeypatch.setattr("awards.report.services.MOST_PRESSES", 1)
    return shared_press
