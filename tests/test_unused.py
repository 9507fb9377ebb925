"""Nothing lies about unused: what is written down is called, asked for, shown or loaded by something in the product."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from rules.permissions import permissions

from tests.processes import ROOT

CODE = ("kundeservice", "surveys", "shoppers", "scoring", "awards")
RULES = "rules.py"
HARMLESS_DECORATORS = frozenset({"atomic", "cache", "contextmanager", "dataclass"})
"""Decorators that leave a function uncalled; any other one hands it to somebody who calls it."""
CALLED_BY_A_FRAMEWORK = frozenset({"Command", "application", "register", "urlpatterns"})
FRAMEWORKS_CLASSES = frozenset({"AppConfig"})
STANDS_READY: Mapping[str, str] = {
    "shoppers.planner.shards.solve_in_parts": "for many times a national edition: docs/planning.md, benchmarks/",
}
"""What nothing in the product calls, and why it stands there all the same."""
BY_NAME = frozenset({"400.html", "403.html", "404.html", "500.html"})
"""Templates that Django looks up by itself; those in `account/` are looked up by allauth."""
OF_A_PACKAGE = re.compile(r"^(LICENSE\w*(\.md)?|VENDORED\.md)$")


@cache
def modules() -> Mapping[str, ast.Module]:
    """Every module of the product by its dotted name."""
    found = {}
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def sources() -> str:
    """The product's Python, templates and scripts in one text."""
    files = [file for folder in CODE for file in (ROOT / folder).rglob("*.py")]
    files += [file for file in (ROOT / "templates").rglob("*") if file.is_file()]
    files += [file for kind in ("*.js", "*.css", "*.svg") for file in (ROOT / "static").rglob(kind)]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@cache
def imported(module: str) -> Mapping[str, str]:
    """What a module imports by name: its name there → its dotted name."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(modules()[module])
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@cache
def read_names() -> frozenset[str]:
    """The dotted names of everything that some module of the product reads."""
    read: set[str] = set()
    for module, tree in modules().items():
        known = imported(module)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                read.add(known.get(node.id, f"{module}.{node.id}"))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
                read.add(f"{known[node.value.id]}.{node.attr}")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                read.add(node.value.replace(":", "."))  # settings name classes by their path
    return frozenset(origin(name) for name in read)


def origin(name: str) -> str:
    """Where a name is defined that a package only hands on."""
    module, _, short = name.rpartition(".")
    handed_on = imported(module).get(short) if module in modules() else None
    return origin(handed_on) if handed_on else name


def definitions() -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    for module, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and ".migrations" not in module:
                yield f"{module}.{node.name}", node


def is_handed_over(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether a decorator or a framework's base class sees to it that this is called."""
    decorators = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
    names = {ast.unparse(each).rpartition(".")[2] for each in decorators}
    bases = {ast.unparse(base) for base in node.bases} if isinstance(node, ast.ClassDef) else set()
    return bool(names - HARMLESS_DECORATORS or bases & FRAMEWORKS_CLASSES) or node.name in CALLED_BY_A_FRAMEWORK


def test_every_function_and_class_is_read_somewhere_in_the_product() -> None:
    unread = {name for name, node in definitions() if not is_handed_over(node) and name not in read_names()}

    assert unread == set(STANDS_READY)


def test_every_permission_is_asked_for() -> None:
    named = "\n".join(
        file.read_text(encoding="utf-8")
        for folder in CODE
        for file in (ROOT / folder).rglob("*.py")
        if file.name != RULES
    )

    assert [name for name in permissions if f'"{name}"' not in named] == []


@pytest.mark.parametrize("kind", ["filter", "simple_tag", "inclusion_tag"])
def test_every_filter_and_tag_is_used_by_a_template(kind: str) -> None:
    templates = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "templates").rglob("*.html"))
    names = [
        node.name
        for module, tree in modules().items()
        if ".templatetags." in module
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any(f"register.{kind}" in ast.unparse(d) for d in node.decorator_list)
    ]

    assert [name for name in names if not re.search(rf"(\||{{%) *{name}\b", templates)] == []


def test_every_template_is_rendered_or_included() -> None:
    folder = ROOT / "templates"
    names = (str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    ours = [name for name in names if name not in BY_NAME and not name.startswith("account/")]

    assert [name for name in ours if name not in sources()] == []


def test_every_static_file_is_loaded() -> None:
    files = [file.name for file in (ROOT / "static").rglob("*") if file.is_file()]

    assert [name for name in files if name not in sources() and not OF_A_PACKAGE.match(name)] == []
