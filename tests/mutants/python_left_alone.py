"""Parts of a Python program that say nothing to users: they are not changed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = {"__all__", "__slots__", "__match_args__"}
# What mypy reads, and what says where a warning or an error comes from.
_TYPES = {"Literal", "NewType", "ParamSpec", "TypeVar", "cast"}
_DECORATORS = {"dataclass", "overload", "runtime_checkable"}
_ARGUMENTS = {"stacklevel", "strict"}


def left_alone(tree: ast.Module) -> set[ast.AST]:
    """Find docstrings, annotations, types and the like."""
    return {found for node in ast.walk(tree) for found in _found(node)}


def _found(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            yield node
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            yield node
        case ast.keyword(arg=name) if name in _ARGUMENTS:
            yield node
        case ast.FunctionDef(returns=returns):
            yield from _of_definition(node)
            yield from filter(None, [returns])
        case ast.ClassDef():
            yield from _of_definition(node)
        case _:
            yield from _types(node)


def _types(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.arg(annotation=ast.expr() as annotation):
            yield annotation
        case ast.AnnAssign(annotation=annotation):
            yield node if _name(annotation) == "TypeAlias" else annotation
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            if name in _NAMES or _is_type(value):
                yield node
        case ast.Call(func=func, args=args) if _name(func) in _TYPES:
            yield from args[:1]


def _of_definition(node: ast.FunctionDef | ast.ClassDef) -> Iterator[ast.AST]:
    yield from (one for one in node.decorator_list if _name(one) in _DECORATORS)
    if any(_name(one) == "overload" for one in node.decorator_list):
        yield node


def _is_type(value: ast.expr) -> bool:
    """Whether an assigned value is a type: of a union or a parametrised class."""
    match value:
        case ast.BinOp(left=left, op=ast.BitOr()):
            return _is_type(left) or (isinstance(left, ast.Name) and left.id[0].islower())
        case ast.Subscript(value=ast.Name(id=name)):
            return name[0].isupper() or name in {"dict", "list", "tuple", "type"}
        case ast.Call(func=func):
            return _name(func) in _TYPES - {"cast"}
    return False


def _name(node: ast.expr) -> str:
    """Last name of a function or type: `dataclass` of `dataclasses.dataclass(frozen=True)`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=func):
            return _name(func)
    return ""
