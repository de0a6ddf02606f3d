"""The small faults that `mutation.py` makes: every way to spoil one node of a module's syntax tree.

Knows syntax only. Left alone: annotations, decorators, docstrings, what is said in a raised error, unions of types at
the top of a module, `strict=`, `if TYPE_CHECKING`, and lines that end with `# equivalent: why`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import CodeType

COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATE: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
RENAME = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "reversed": "list",
    "union": "intersection",
    "intersection": "union",
    "issubset": "issuperset",
    "issuperset": "issubset",
}


@dataclass(frozen=True)
class Mutant:
    """One fault: in which node (counted as `ast.walk` goes), and which of the node's alternatives."""

    module: str
    file: str
    node: int
    choice: int
    lines: range
    fault: str
    within: str  # the module and the innermost function or class around it


def mutants_of(file: str) -> list[Mutant]:
    source, tree = read(file)
    module = ".".join(Path(file).with_suffix("").parts[Path(file).parts.index("src") + 1 :])
    spared = set(left_alone(tree))
    exempt = {number for number, line in enumerate(source.splitlines(), 1) if "# equivalent: " in line}
    around = dict(named(tree, ""))
    found = []
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in spared or getattr(node, "lineno", 0) in exempt:
            continue
        for choice, other in enumerate(alternatives(node)):
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]
            fault = f"`{short(node)}` → `{short(other)}`"
            found.append(Mutant(module, file, number, choice, lines, fault, f"{module}:{around.get(id(node), '')}"))
    return found


def named(node: ast.AST, name: str) -> Iterator[tuple[int, str]]:
    """The id of every node below, with the name of the innermost function or class it is in."""
    for part in ast.iter_child_nodes(node):
        inner = f"{name}.{part.name}" if isinstance(part, ast.FunctionDef | ast.ClassDef) else name
        yield id(part), inner
        yield from named(part, inner)


def mutated_code(mutant: Mutant) -> CodeType:
    tree = ast.parse(Path(mutant.file).read_text(encoding="utf-8"))
    node = list(ast.walk(tree))[mutant.node]
    other = list(alternatives(node))[mutant.choice]
    Put(node, ast.copy_location(other, node)).visit(tree)
    return compile(ast.fix_missing_locations(tree), mutant.file, "exec")


class Put(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def meaning(file: str) -> str:
    """A digest of all but the comments and the layout of a file; nodes have their numbers by it."""
    return sha256(ast.dump(read(file)[1]).encode()).hexdigest()[:16]


@lru_cache
def read(file: str) -> tuple[str, ast.Module]:
    source = Path(file).read_text(encoding="utf-8")
    return source, ast.parse(source)


def short(node: ast.AST) -> str:
    words = " ".join(ast.unparse(node).split())
    return words if len(words) <= 90 else words[:60] + " … " + words[-27:]


# --- what is not law --------------------------------------------------------------------------------------------------


def left_alone(tree: ast.Module) -> Iterator[int]:
    """The ids of nodes that are not mutated, with all below them."""
    for top in tree.body:
        if isinstance(top, ast.Assign | ast.AnnAssign) and isinstance(top.value, ast.BinOp):
            yield from below(top.value)
    for node in ast.walk(tree):
        for part in spared_parts(node):
            yield from below(part)


def below(node: ast.AST) -> Iterator[int]:
    return (id(part) for part in ast.walk(node))


def spared_parts(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.FunctionDef(returns=None) | ast.AsyncFunctionDef(returns=None) | ast.ClassDef():
            return [*node.decorator_list]
        case ast.FunctionDef(returns=ast.expr() as returns) | ast.AsyncFunctionDef(returns=ast.expr() as returns):
            return [*node.decorator_list, returns]
        case (
            ast.arg(annotation=ast.expr() as part) | ast.AnnAssign(annotation=part) | ast.Raise(exc=ast.expr() as part)
        ):
            return [part]
        case ast.keyword(arg="strict", value=part):  # of zip: a guard against mistakes of our own
            return [part]
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Expr(value=ast.Constant()):
            return [node]
        case _:
            return []


# --- the faults -------------------------------------------------------------------------------------------------------


def alternatives(node: ast.AST) -> Iterator[ast.AST]:
    """Every faulty node that could stand in the place of `node`, always in the same order."""
    if isinstance(node, ast.stmt):
        yield from other_statements(node)
    elif isinstance(node, ast.expr):
        yield from other_expressions(node)


def other_statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.If() | ast.While() if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
            kind = type(node)
            yield kind(test=negated(node.test), body=node.body, orelse=node.orelse)
        case ast.Return(value=ast.expr() as value) if not is_none(value):
            yield ast.Return(value=ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign() | ast.Raise():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()


def other_expressions(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[op]):
            yield ast.Compare(left=node.left, ops=[COMPARE[type(op)]()], comparators=node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(op=ast.Or() if isinstance(node.op, ast.And) else ast.And(), values=node.values)
            yield from without_one(node)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.BinOp() if type(node.op) in OPERATE and not is_text(node.left) and not is_text(node.right):
            yield ast.BinOp(left=node.left, op=OPERATE[type(node.op)](), right=node.right)
        case ast.Constant(value=int() as value):
            yield ast.Constant(not value if isinstance(value, bool) else value + 1)
        case ast.Name(id=name, ctx=ast.Load()) if name in RENAME:
            yield ast.Name(RENAME[name], ast.Load())
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in RENAME:
            yield ast.Attribute(node.value, RENAME[name], ast.Load())
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from without_a_filter(node)


def without_one(node: ast.BoolOp) -> Iterator[ast.AST]:
    for position in range(len(node.values)):
        rest = node.values[:position] + node.values[position + 1 :]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)


def without_a_filter(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Iterator[ast.AST]:
    for number, loop in enumerate(node.generators):
        for position in range(len(loop.ifs)):
            rest = loop.ifs[:position] + loop.ifs[position + 1 :]
            freed = ast.comprehension(target=loop.target, iter=loop.iter, ifs=rest, is_async=loop.is_async)
            loops = [*node.generators[:number], freed, *node.generators[number + 1 :]]
            fields = {name: value for name, value in ast.iter_fields(node) if name != "generators"}
            yield type(node)(**fields, generators=loops)


def negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=test)


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
