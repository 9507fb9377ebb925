"""How templates print numbers: plainly, unless a filter says otherwise.

Django writes every number a template prints the way people of the language do – `1 234`, `0,5` – also in an
attribute, an address or a script, where `Number("1 234")` is no number. Here a bare `{{ value }}` is for machines. What
people read goes through a filter of `core.templatetags.formatting`: `whole`, `score`, `percent`, `longdate`, and
`counted` for the `count` of a `blocktranslate`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates, Template, reraise
from django.template.context import make_context
from django.utils.safestring import SafeString


class PlainTemplate(Template):
    """A template whose context leaves numbers as they are; what it includes, and the forms in it, inherit that."""

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        made = make_context(context, request, autoescape=self.backend.engine.autoescape)
        made.use_l10n = False
        try:
            return self.template.render(made)
        except TemplateDoesNotExist as missing:
            reraise(missing, self.backend)
            raise


class PlainNumberTemplates(DjangoTemplates):
    """Django's own templates, with numbers printed plainly."""

    def from_string(self, template_code: str) -> PlainTemplate:
        return PlainTemplate(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> PlainTemplate:
        return PlainTemplate(super().get_template(template_name).template, self)
