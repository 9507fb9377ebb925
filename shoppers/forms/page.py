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

    @property
    def first_problem(self) -> str:
        """What is to be mended first, in words; empty when nothing is that anybody can see."""
        told = (*self.non_field_errors(), *(problem for name in self._shown for problem in self.errors.get(name, ())))
        return str(told[0]) if told else ""

    def put_focus(self) -> None:
        """Let the page open where something is to be mended: at the first field refused, else at the form's first."""
        if not self.errors:
            return
        refused = [name for name in self._shown if name in self.errors]
        self.fields[next(iter(refused or self._shown))].widget.attrs["autofocus"] = True

    @property
    def _shown(self) -> list[str]:
        return [field.name for field in self.visible_fields()]
