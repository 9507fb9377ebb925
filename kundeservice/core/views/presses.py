"""What a pressed button says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.http import Http404, HttpRequest

Meaning = TypeVar("Meaning")


def pressed(request: HttpRequest, name: str, meanings: Mapping[str, Meaning]) -> Meaning:
    """What the word of the button `name` means. A word that no page of ours sends, and none at all, is a 404 – never
    the other choice.
    """
    word = request.POST.get(name, "")
    if word not in meanings:
        raise Http404
    return meanings[word]
