"""Every small change to a module that its tests should notice.

What is changed into what is mutmut's work, with two changes of our own; where nothing is changed is said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst import matchers as m
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation import mutators

TEXT_CALLS = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"})
TYPING_CALLS = frozenset({"cast", "TypeVar", "NewType"})
# The embedded database locks itself as a whole; which rows are locked is tested on PostgreSQL (tests of races).
LOCKS = frozenset({"select_for_update"})
# What only a programmer reads in a trace, or nobody: an IrregularError is always caught.
PLAIN_ERRORS = frozenset(
    {"AssertionError", "IrregularError", "KeyError", "LookupError", "RuntimeError", "TypeError", "ValueError"}
)
LOGS = frozenset({"log", "logger"})
# Without them the code does the same: more slowly, or without noticing a fault of its own.
KEYWORDS_WITHOUT_EFFECT = frozenset({"strict", "update_fields", "batch_size", "chunk_size"})
MUTMUTS_LEFT_OUT = (mutators.operator_string, mutators.operator_dict_arguments)
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one module.

    `owner` is the outermost function or method (`Class.method`), or the constant of the module that is changed; `lines`
    are those of the statement, first and last, as far as it is a head.
    """

    path: str
    owner: str
    is_constant: bool
    lines: tuple[int, int]
    kind: str
    module: cst.Module
    before: cst.CSTNode
    after: cst.CSTNode

    def source(self) -> str:
        """The whole module with this one change."""
        changed = self.module.deep_replace(self.before, self.after)
        return cst.ensure_type(changed, cst.Module).code


def changes_of(path: Path, name: str) -> list[Change]:
    """All changes to the module at this path, in the order of the source; `name` is what the changes call it."""
    wrapper = MetadataWrapper(cst.parse_module(path.read_text()))
    finder = _Finder(name, wrapper.module)
    wrapper.visit(finder)
    return finder.found


def _leave_out_call(node: cst.Expr) -> Iterable[cst.CSTNode]:
    """A call whose answer nobody takes – a guard, an entry in a log – is not made."""
    if isinstance(node.value, cst.Call):
        yield cst.Expr(cst.Ellipsis())


def _turn_condition(node: cst.If) -> Iterable[cst.CSTNode]:
    """`if …` becomes `if not (…)`; comparisons and `not` are turned by mutmut."""
    if isinstance(node.test, (cst.Name, cst.Attribute, cst.Call, cst.NamedExpr)):
        inner = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        yield node.with_changes(test=cst.UnaryOperation(operator=cst.Not(), expression=inner))


OPERATORS: list[tuple[type, Callable[..., Iterable[cst.CSTNode]]]] = [
    *((kind, change) for kind, change in mutators.mutation_operators if change not in MUTMUTS_LEFT_OUT),
    (cst.Expr, _leave_out_call),
    (cst.If, _turn_condition),
]


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)

    def __init__(self, path: str, module: cst.Module) -> None:
        super().__init__()
        self.found: list[Change] = []
        self._path = path
        self._module = module
        self._scopes: list[cst.ClassDef | cst.FunctionDef] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if _is_left_alone(node):
            return False
        if isinstance(node, (cst.ClassDef, cst.FunctionDef)):
            self._scopes.append(node)
        elif owner := self._owner(node):
            self.found.extend(self._changes(node, *owner))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._scopes and original_node is self._scopes[-1]:
            self._scopes.pop()

    def _owner(self, node: cst.CSTNode) -> tuple[str, bool] | None:
        names = []
        for scope in self._scopes:
            names.append(scope.name.value)
            if isinstance(scope, cst.FunctionDef):
                return ".".join(names), False
        statement = self._statement(node)
        if names or not isinstance(statement, cst.SimpleStatementLine):
            return None
        match statement.body[0]:
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]) if name.isupper():
                return name, True
            case cst.AnnAssign(target=cst.Name(value=name)) if name.isupper():
                return name, True
        return None

    def _changes(self, node: cst.CSTNode, owner: str, is_constant: bool) -> Iterator[Change]:
        for kind, operator in OPERATORS:
            if not isinstance(node, kind):
                continue
            for changed in operator(node):
                if _is_noise(node, changed):
                    continue
                yield Change(
                    path=self._path,
                    owner=owner,
                    is_constant=is_constant,
                    lines=self._lines(node),
                    kind=operator.__name__.removeprefix("operator_").strip("_"),
                    module=self._module,
                    before=node,
                    after=changed,
                )

    def _lines(self, node: cst.CSTNode) -> tuple[int, int]:
        statement = self._statement(node)
        where = self.get_metadata(PositionProvider, statement)
        if isinstance(statement, cst.SimpleStatementLine):
            return where.start.line, where.end.line
        head = statement.test if isinstance(statement, cst.If) and node is statement else node
        return where.start.line, self.get_metadata(PositionProvider, head).end.line

    def _statement(self, node: cst.CSTNode) -> cst.CSTNode:
        while not isinstance(node, (Statement, cst.Module)):
            node = self.get_metadata(ParentNodeProvider, node)
        return node


def _is_left_alone(node: cst.CSTNode) -> bool:
    """Types, decorators, default values, texts people read, log words, locks of rows: nothing in them is changed."""
    if isinstance(node, (cst.Annotation, cst.Decorator, cst.Parameters, cst.Import, cst.ImportFrom)):
        return True
    if isinstance(node, cst.Arg) and _is_without_effect(node):
        return True
    if isinstance(node, cst.If) and m.matches(node.test, m.Name("TYPE_CHECKING")):
        return True
    return isinstance(node, cst.Call) and (
        _is_text(node)
        or m.matches(node.func, m.Name() & m.MatchIfTrue(lambda name: name.value in TYPING_CALLS | PLAIN_ERRORS))
        or m.matches(node.func, m.Attribute(attr=m.Name() & m.MatchIfTrue(lambda name: name.value in LOCKS)))
        or m.matches(node.func, m.Attribute(value=m.Name() & m.MatchIfTrue(lambda name: name.value in LOGS)))
    )


def _is_noise(node: cst.CSTNode, changed: cst.CSTNode) -> bool:
    """Is a text, or a keyword without effect, what the change is about? Or is a place in a call left empty?

    A call with a place too few fails wherever it is made, and says nothing about the tests.
    """
    if isinstance(node, cst.Expr):
        return _is_left_alone(node.value)
    if isinstance(node, (cst.Assign, cst.AnnAssign)):
        return node.value is not None and (_is_text(node.value) or _is_left_alone(node.value))
    if not isinstance(node, cst.Call) or not isinstance(changed, cst.Call) or node.func is not changed.func:
        return False
    kept = {id(argument) for argument in changed.args}
    is_shorter = len(changed.args) < len(node.args)
    return any(_says_nothing(argument, is_shorter) for argument in node.args if id(argument) not in kept)


def _says_nothing(argument: cst.Arg, is_removed: bool) -> bool:
    if argument.keyword is None:
        return is_removed or _is_text(argument.value)
    return _is_without_effect(argument) or _is_text(argument.value)


def _is_without_effect(argument: cst.Arg) -> bool:
    return argument.keyword is not None and argument.keyword.value in KEYWORDS_WITHOUT_EFFECT


def _is_text(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.BaseString):
        return True
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, cst.Modulo) and _is_text(node.left)
    if not isinstance(node, cst.Call):
        return False
    if isinstance(node.func, cst.Name):
        return node.func.value in TEXT_CALLS
    return m.matches(node.func, m.Attribute(attr=m.Name("format"))) and _is_text(node.func.value)
