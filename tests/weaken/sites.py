"""Find every check in a Python file, and write the file without one of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HELPERS = ast.parse(
    """
import sqlalchemy as _sqlalchemy

async def _unguarded(session, actor, action, on=None, key=None, lock=None):
    session.authorized.add(action)
    return await session.get(on, key) if on is not None else None

async def _yes(*_):
    return True
"""
).body
REFUSALS = ("Refused", "invalid", "bad")
GUARDS = ("in_person", "promise_source", "spare", "voter_of", "_hand_over_first", "_may_give", "_refuse")
"""Functions that refuse or do nothing, beside `check_…`: a call whose answer nobody takes is a check."""
TESTS = "tests"
"""What the kernel calls a list of conditions that it gathers: each that joins it is a check."""
GUARDED = ("column", "computed", "to_one", "to_any", "connection")


@dataclass(frozen=True)
class Weakening:
    """One check, and how to do without it."""

    path: Path
    number: int
    line: int
    last: int
    told: str

    @property
    def file(self) -> str:
        return self.path.name if self.path.name != "__init__.py" else self.path.parent.name

    @property
    def name(self) -> str:
        """What it is called wherever its line moves to."""
        return f"{self.path.parent.name}/{self.path.name} {self.told}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.told}"

    def source(self, root: Path) -> str:
        """The file without this check."""
        tree = ast.parse((root / self.path).read_text())
        changed = _Sites(self.number).visit(tree)
        body = changed.body
        changed.body = [body[0], *HELPERS, *body[1:]]  # after the docstring
        return ast.unparse(ast.fix_missing_locations(changed))


def weakenings(root: Path, path: Path) -> Iterator[Weakening]:
    """Every check of a file."""
    sites = _Sites(None)
    sites.visit(ast.parse((root / path).read_text()))
    for number, (line, last, told) in enumerate(sites.found):
        yield Weakening(path, number, line, last, told)


class _Sites(ast.NodeTransformer):
    """Goes through a file always in the same order; takes away the check of the wanted number, if one is wanted."""

    def __init__(self, wanted: int | None) -> None:
        self.wanted = wanted
        self.found: list[tuple[int, int, str]] = []

    def here(self, node: Any, told: str) -> bool:
        """Note a check; whether it is the one to take away."""
        self.found.append((node.lineno, node.end_lineno, told))
        return len(self.found) - 1 == self.wanted

    # -- what is no check -----------------------------------------------------------------------------------------

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_FunctionDef(self, node: Any) -> Any:
        node.body = [self.visit(one) for one in node.body]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    # -- refusals -------------------------------------------------------------------------------------------------

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        return ast.Pass() if _refuses(node.exc) and self.here(node, f"refusal: {_words(node.exc)}") else node

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        if _refuses(node.value):
            return ast.Pass() if self.here(node, f"refusal: {_words(node.value)}") else node
        self.generic_visit(node)
        self._without_condition(node.value)
        return node

    def visit_If(self, node: ast.If) -> ast.If:
        self.generic_visit(node)
        if any(_refuses(getattr(one, "exc", getattr(one, "value", None))) for one in node.body):
            node.test = self._without_operand(node, node.test)
        return node

    def _without_operand(self, site: ast.If, test: Any) -> Any:
        """The condition of a refusal, in which each operand and each value of a list is a check of its own."""
        if isinstance(test, ast.BoolOp):
            for at, operand in enumerate(test.values):
                if self.here(site, f"without: {_text(operand)}"):
                    test.values = test.values[:at] + test.values[at + 1 :]
                    return test
            test.values = [self._without_operand(site, one) for one in test.values]
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.In | ast.NotIn):
            self._without_element(test.comparators[0], _text(test))
        return test

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        self.generic_visit(node)
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if not isinstance(call, ast.Call):
            return node
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name in GUARDS or name.lstrip("_").startswith("check_"):
            return ast.Pass() if self.here(node, f"guard: {_text(call)}") else node
        if name == "append" and getattr(getattr(call.func, "value", None), "id", "") == TESTS:
            return ast.Pass() if self.here(node, f"{TESTS} without: {_text(call.args[0])}") else node
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        if getattr(node.target, "id", "") == TESTS:
            return ast.Pass() if self.here(node, f"{TESTS} without: {_text(node.value)}") else node
        return node

    # -- permissions and predicates ---------------------------------------------------------------------------------

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        dicts = isinstance(node.left, ast.Dict) or isinstance(node.right, ast.Dict)
        if isinstance(node.op, ast.BitAnd | ast.BitOr) and not dicts:
            for gone, kept in ((node.left, node.right), (node.right, node.left)):
                if self.here(node, f"without: {_text(gone)}"):
                    return kept
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        on_session = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "session"
        if on_session and name in ("authorize", "authorize_alone"):
            if self.here(node, f"authorize {_text(node.args[1])}"):
                return ast.Call(ast.Name("_unguarded"), [ast.Name("session"), *node.args], node.keywords)
        elif on_session and name == "sees":
            if self.here(node, f"sees {_text(node)}"):
                return ast.Call(ast.Name("_yes"), [], [])
        elif name == "visible" and isinstance(node.func, ast.Attribute):
            if self.here(node, _text(node)):
                return ast.parse("_sqlalchemy.true()", mode="eval").body
        elif name in ("and_", "or_", "where") and not isinstance(node.args[0], ast.Constant):
            self._without_argument(node, name)
        elif name == "in_" or (name == "frozenset" and node.args):
            self._without_element(node.args[0], _text(node))
        elif name in ("Action", "action"):
            self._weaken_action(node)
        elif name == "mapped":
            self._weaken_type(node)
        elif name in GUARDED:
            for keyword in [one for one in node.keywords if one.arg in ("requires", "where")]:
                if self.here(node, f"{name}: {_text(keyword)}"):
                    node.keywords.remove(keyword)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        self.generic_visit(node)
        if not isinstance(node.targets[0], ast.Name):
            return node
        if node.col_offset == 0 and isinstance(node.value, ast.Tuple):
            self._without_element(node.value, _text(node))
        if node.targets[0].id == TESTS and isinstance(node.value, ast.ListComp):
            node.value = ast.List([], ast.Load()) if self.here(node, f"without: {_text(node)}") else node.value
        self._without_condition(node.value, node.targets[0].id)
        return node

    def _without_condition(self, node: Any, name: str = "") -> None:
        """Conditions that are gathered in a tuple, or in what the kernel calls so."""
        gathered = isinstance(node, ast.Tuple) and any(isinstance(one, ast.Compare) for one in node.elts)
        if gathered or (name == TESTS and isinstance(node, ast.List)):
            for element in list(node.elts):
                if self.here(element, f"without: {_text(element)}"):
                    node.elts.remove(element)

    def _without_argument(self, node: ast.Call, name: str) -> None:
        for argument in list(node.args):
            elsewhere = isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Name | ast.GeneratorExp)
            neutral = elsewhere or _text(argument) in ("true()", "false()")
            if not neutral and self.here(argument, f"{name} without: {_text(argument)}"):
                node.args.remove(argument)

    def _without_element(self, node: Any, told: str) -> None:
        elements = getattr(node, "elts", [])
        if all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in elements):
            for element in list(elements):
                if self.here(element, f"without {element.value!r}: {told}"):
                    node.elts.remove(element)

    # -- declarations -------------------------------------------------------------------------------------------------

    def _weaken_action(self, node: ast.Call) -> None:
        strings = [one for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if len(strings) < 2:
            return  # the helper that calls Action
        label, roles = strings[0].value, [*strings[2:]]
        for listed in [*node.args, *(one.value for one in node.keywords if one.arg == "roles")]:
            roles += listed.elts if isinstance(listed, ast.List) else []
        for role in roles:
            if role.value != "visitor" and self.here(node, f"{label}: for everyone, not {role.value}"):
                role.value = "visitor"
        for keyword in list(node.keywords):
            known = keyword.arg in ("own", "not_own", "states", "criteria")
            if known and self.here(node, f"{label}: without {_text(keyword)}"):
                node.keywords.remove(keyword)

    def _weaken_type(self, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg in ("visible", "visible_through", "own") and self.here(node, f"type: {_text(keyword)}"):
                keyword.arg = "own" if keyword.arg == "own" else "visible"
                keyword.value = ast.parse("lambda row: _sqlalchemy.true()", mode="eval").body


def _refuses(node: Any) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS


def _words(node: Any) -> str:
    """What a refusal says."""
    strings = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return max(strings, key=len, default="")[:60]


def _text(node: Any) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 70 else f"{text[:69]}…"
