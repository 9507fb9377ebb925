"""Reading what a page carries, as a browser would send it back."""

from __future__ import annotations

import re

from django.test import Client


def seen_on(client: Client, address: str) -> dict[str, str]:
    """The version of what a page of the office shows, as its forms send it."""
    page = client.get(address).content.decode()
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found, f"{address} carries no version"
    return {"seen": found[1]}
