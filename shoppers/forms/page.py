"""The form that shares its page with others."""

from __future__ import annotations

from typing import Any

from django import forms


class PageForm(forms.Form):
    """A form that may share its page with others: its fields' ids begin with the form's own name."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(*args, **kwargs)
