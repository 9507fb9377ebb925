"""What tests of the awards share."""

from tests.presses import shared_press, warm_press

__all__ = ["shared_press", "warm_press"]
