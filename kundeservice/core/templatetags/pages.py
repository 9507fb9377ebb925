"""Pieces of pages: navigation links, sortable headings, the language switch, marks."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

MARKS = {
    "empty": "○",
    "begun": "◐",
    "waiting": "◷",
    "done": "✓",
    "returned": "↩",
    "problem": "!",
    "quiet": "·",
    "winner": "★",
}
"""State → shape, so that no state is told by colour alone."""


@register.simple_tag(takes_context=True)
def nav_link(context: RequestContext, name: str, label: str, *arguments: object, within: str = "") -> SafeString | str:
    """A list item with a link that knows when it is the current page; nothing when there is no such page.

    A page below its address belongs to it, and so do those that `within` names, such as "office:phase": what a form is
    sent to shows the page it stands on. The address other links begin with says `within` only.
    """
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    request: HttpRequest | None = context.get("request")
    if request is None:
        mark = SafeString("")
    elif request.path == address:
        mark = SafeString(' aria-current="page"')
    else:
        mark = SafeString(' aria-current="true"') if _is_within(request, address, within) else SafeString("")
    return format_html('<li><a href="{}"{}>{}</a></li>', address, mark, label)


def _is_within(request: HttpRequest, address: str, within: str) -> bool:
    """Whether the page belongs to a link: `below` lets in what lies below its address, a name the page of that name."""
    names = within.split()
    here = request.resolver_match.view_name if request.resolver_match else ""
    return here in names or ("below" in names and request.path.startswith(address))


@register.simple_tag(takes_context=True)
def sort_header(context: RequestContext, key: str, label: str, numeric: bool = False) -> SafeString:
    """A column heading that sorts by its link, keeping the filters; a second press turns the order."""
    request: HttpRequest = context["request"]
    current = request.GET.get("sort", "")
    query = request.GET.copy()
    query["sort"] = f"-{key}" if current == key else key
    query.pop("page", None)
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{}{}</a></th>',
        SafeString(' class="num"') if numeric else "",
        format_html(' aria-sort="{}"', order) if order else "",
        query.urlencode(),
        label,
        {"ascending": " ▲", "descending": " ▼"}.get(order, ""),
    )


@register.simple_tag(takes_context=True)
def page_link(context: RequestContext, number: int) -> str:
    """The address of another page of a list, with its filters kept."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def mark(name: str) -> str:
    """The shape of a state. Raises KeyError for a state that has none."""
    return MARKS[name]
