"""How fast many records are determined: `python benchmarks/bulk.py [--quick]`. Ends with the targets `bulk.*`.

One run, one machine, one rule set for everybody: 165 facts, 22 circumstances, Art. 10 over Art. 8, 55 conclusions, random three-valued
facts; the limit of the memory is measured in the same run. Polars and OpenFisca are compared where they are installed
(`pip install polars openfisca-core`); neither is needed by the project. `benchmarks/README.md` says what the figures do not.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa

from wenze.docket import Docket, Group, Writer
from wenze.docket.columns import column_of
from wenze.docket.inputs import Inputs, on_bitmaps
from wenze.docket.kernel import BLOCK, Kernel
from wenze.law import Code, Input, Law, Program, Shape, compile_sources, emit, lanes, read_source

FACTS, CIRCUMSTANCES, SPECIAL, GENERAL = 165, 22, 24, 9
Tree = tuple[Any, ...]  # ("fact", n) | ("not", t) | ("all" | "any", t…) | ("by", reading, t, t) | ("holds", rule)
ROUNDS = 5
MAPPED = 4_000_000  # records of the file
STRETCH = 2 * BLOCK  # words of every conclusion counted at once, so that they are still in the cache


def main() -> int:
    quick = parse().quick
    random = Random(20140501)
    rules = rule_set(random)
    law = as_law(rules)
    shape = Shape(1, 0)
    exact = emit(law, shape, options(law))
    most, lanes.MOST_WAYS = lanes.MOST_WAYS, 0  # Kleene's values only, for comparison
    kleene = emit(law, shape, options(law))
    lanes.MOST_WAYS = most
    codes = {"Kleene": states(kleene), "exact and one flag of robustness": states(exact, flag=True)}
    print(f"{len(law.facts)} facts, {len(exact.asked)} conclusions")
    for name, code in codes.items():
        print(f"  {name}: {len(code.inputs)} planes in, {len(code.outputs)} out, {len(code.steps)} steps")
    sizes = [100_000, 1_000_000] if quick else [100_000, 1_000_000, 10_000_000]
    found: dict[str, tuple[float, float, bool]] = {}
    planes = Planes(law, max(sizes[-1], MAPPED))
    limit = bandwidth(codes["Kleene"])
    print(f"memory limit, one thread: {limit / 1e6:.0f} M records a second")
    rates = growth(codes, planes, sizes)
    base = rates["Kleene"][1_000_000]
    two = rate([*ways(codes["Kleene"]).values()][-1], planes, sizes[-1], threads=2)
    print(f"  Kleene on two threads, by the clock: {two / 1e6:.1f} M/s")
    found["bulk.bandwidth"] = base / limit, 0.5, True
    found["bulk.exact"] = base / rates["exact and one flag of robustness"][1_000_000], 1.5, False
    found["bulk.growth"] = rates["Kleene"][sizes[0]] / rates["Kleene"][sizes[-1]], 1.2, False
    found["bulk.mmap"] = mapped(law, codes["Kleene"], planes) / base, 0.4, True
    others(rules, kleene, planes, base, found, 200_000 if quick else 1_000_000)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    for name, (value, wanted, more) in found.items():
        print(f"target {name} {value:.3f} {wanted} {'ok' if (value >= wanted) == more or value == wanted else 'short'}")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="up to a million records, and a file of four, under a minute"
    )
    return parser.parse_args()


# The rules


def rule_set(random: Random) -> dict[str, Tree]:
    """Conclusion → its condition. Circumstances share a gate and common elements; what is special names them; the general yields to it."""
    free = list(range(10, FACTS))
    random.shuffle(free)
    rules: dict[str, Tree] = {}
    for number in range(CIRCUMSTANCES):
        own = [("fact", free.pop()) for _ in range(6)]
        defect = ("any", ("not", own[2]), ("all", own[2], own[3]))  # one fact both asserted and denied, as in 6(7)
        body = (
            ("by", number % 8, ("any", own[0], own[1]), ("all", own[0], own[1]))
            if number % 2
            else ("any", own[0], own[1])
        )
        rules[f"1.{number + 1}"] = (
            "all",
            ("fact", number % 2),
            ("fact", 2),
            ("fact", 3),
            body,
            defect,
            ("any", own[4], own[5]),
        )
    for number in range(SPECIAL):
        mine, other = f"1.{number % CIRCUMSTANCES + 1}", ("fact", free.pop() if free else 4 + number % 6)
        rules[f"2.{number + 1}"] = ("all", ("holds", mine), other, ("not", ("fact", 4 + number % 6)))
    for number in range(GENERAL):
        yields = [("holds", f"2.{one + 1}") for one in range(number, SPECIAL, GENERAL)]
        rules[f"3.{number + 1}"] = (
            "all",
            ("fact", 4 + number % 6),
            ("holds", f"1.{number + 1}"),
            ("not", ("any", *yields)),
        )
    return rules


def as_law(rules: dict[str, Tree]) -> Law:
    """The rules as an instrument."""
    lines = [
        "# 试算办法 {#0}",
        "",
        "```instrument bench",
        "名称 试算办法 / Trial",
        "施行 2014-05-01",
        "组 情形 circumstance",
        "组 责任 responsibility",
        "```",
        "",
    ]
    for name, terms in (("种类", "问责"), ("情态", "应当"), ("证据形式", "书证")):
        lines += [f"```vocabulary {name}", f"{terms} | {terms}", "```", ""]
    lines += [
        "## 第一条 {#1}",
        "",
        "| 事实 | English | 问题 | Question | 性质 | 对象 | 证明 |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [f"| 事.{n} | f{n} | 问? | Is it? | 事实 | 参与 | 书证 |" for n in range(FACTS)]
    for n in range(8):
        lines += [
            "",
            f"```reading R{n}",
            "问题 如何? / How?",
            "选项 宽 宽 / wide",
            "选项 严 严 / strict",
            "默认 宽",
            "理由 文义 / words",
            "最轻 严",
            "有权解释 机关 / organ",
            "状态 未决",
            "```",
        ]
    for name, tree in rules.items():
        group, mark = (
            ("情形", ["后果 无", "条件 行为 " + written(tree, 0).lstrip()])
            if name[0] == "1"
            else ("责任", ["条件 " + written(tree, 0).lstrip()])
        )
        lines += [
            "",
            f"```rule {name}",
            "标题 则 / rule",
            "出处 1",
            f"组 {group}",
            "对象 参与",
            "结论 问责 应当",
            *mark,
            "```",
        ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "2014-05-01.md"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return compile_sources([read_source(path, "bench/2014-05-01.md")])


def written(tree: Tree, depth: int) -> str:
    pad = "  " * depth
    kind, *rest = tree
    if kind == "fact":
        return f"{pad}事.{rest[0]}"
    if kind == "holds":
        return f"{pad}成立 {rest[0]}"
    if kind == "not":
        return f"{pad}非\n{written(rest[0], depth + 1)}"
    if kind == "by":
        options = (
            f"{pad}  取 {option}\n{written(part, depth + 2)}"
            for option, part in zip(("宽", "严"), rest[1:], strict=True)
        )
        return "\n".join([f"{pad}依解读 R{rest[0]}", *options])
    return "\n".join([f"{pad}{ {'all': '全部', 'any': '任一'}[kind] }", *(written(part, depth + 1) for part in rest)])


def options(law: Law) -> dict[str, str]:
    return {one.id: one.default for one in law.readings.values()}


def states(program: Program, *, flag: bool = False) -> Code:
    """The code for two planes a conclusion, and if wanted one that says whether all of a record is robust."""
    said = [program.said(index) for index in range(len(program.asked))]
    outputs = [plane for one in said for plane in (one.made, one.out)]
    if not flag:
        return program.code.part(outputs)
    code, steps = program.code, list(program.code.steps)
    first, whole = 2 + len(code.inputs), 1
    for one in said:
        if one.robust != 1:
            steps.append(("&", whole, one.robust))
            whole = first + len(steps) - 1
    return Code(code.inputs, tuple(steps), (*outputs, whole)).part([*outputs, whole])


# Ours


class Planes:
    """Random facts: proven, disproven and not established about equally often; the same for everybody."""

    def __init__(self, law: Law, records: int) -> None:
        self.records, words = records, records // 64
        random = np.random.default_rng(1)
        self.true, self.false = {}, {}
        for name in law.facts:
            one, other = (random.integers(0, 1 << 64, words, dtype=np.uint64) for _ in range(2))
            self.true[name], self.false[name] = one & other, ~one & other

    def inputs(self, code: Code, records: int) -> list[Any]:
        planes = []
        for one in code.inputs:
            assert isinstance(one, Input)
            planes.append((self.true if one.value else self.false)[one.name.name][: records // 64])  # type: ignore[attr-defined]  # a fact
        return planes


def growth(codes: dict[str, Code], planes: Planes, sizes: list[int]) -> dict[str, dict[int, float]]:
    """Records a second of each code at each size, by the last way there is; every way is printed."""
    rates: dict[str, dict[int, float]] = {}
    for name, code in codes.items():
        for way, kernel in ways(code).items():
            rates[name] = {size: rate(kernel, planes, size) for size in sizes}
            speeds = ", ".join(f"{size:,} records {speed / 1e6:.1f} M/s" for size, speed in rates[name].items())
            print(f"  {name}, {way}: {speeds}")
    return rates


def ways(code: Code) -> dict[str, Kernel]:
    """By NumPy alone and, where llvmlite is installed, by machine code, with how long it takes to make; what counts comes last."""
    found = {"NumPy": Kernel(code, pays=sys.maxsize)}
    Kernel(Code((), (), ()), pays=0).compile()  # LLVM itself is loaded once a process
    begun, made = time.process_time(), Kernel(code, pays=0)
    if made.compile():
        found[f"machine code, made in {1000 * (time.process_time() - begun):.0f} ms"] = made
    return found


def rate(kernel: Kernel, planes: Planes, records: int, threads: int = 1) -> float:
    code, inputs = kernel.code, planes.inputs(kernel.code, records)
    out = np.empty((len(code.outputs), records // 64), dtype=np.uint64)
    again = max(1, 1_000_000 // records)

    def work() -> None:
        for _ in range(again):
            kernel.run_parallel(inputs, out, threads) if threads > 1 else kernel.run(inputs, out)

    return records * again / timed(work, time.perf_counter if threads > 1 else time.process_time)


def bandwidth(code: Code) -> float:
    """Records a second if reading the inputs and writing the outputs were all: from copying memory that no cache holds."""
    source = np.ones(1 << 25, dtype=np.uint64)
    target = np.empty_like(source)
    moved = 2 * source.nbytes / timed(lambda: np.copyto(target, source))
    return moved / ((len(code.inputs) + len(code.outputs)) / 8)


def mapped(law: Law, code: Code, planes: Planes) -> float:
    """From an Arrow file in memory maps to counts of every conclusion."""
    records = MAPPED // 64 * 64
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "docket"
        with Writer(path, law) as writer:
            tables = {}
            for table, rows in (("acts", records), ("participations", records), ("events", 0)):
                columns = []
                for field in writer.tables.schema(table):
                    if field.name in planes.true:
                        columns.append(
                            column_of(
                                planes.true[field.name][: records // 64],
                                planes.false[field.name][: records // 64],
                                rows,
                            )
                        )
                    elif field.type == pa.string():
                        columns.append(pa.array([""] * rows, pa.string()))
                    else:
                        columns.append(pa.array(np.zeros(rows, dtype=np.int32)).cast(field.type))
                tables[table] = pa.RecordBatch.from_arrays(columns, schema=writer.tables.schema(table))
            writer.write(Group(1, 0, records), tables)
        kernel = [*ways(on_bitmaps(code)).values()][-1]
        words, out = records // 64, np.empty((len(code.outputs), STRETCH), dtype=np.uint64)

        def work() -> None:
            given = Inputs(writer.tables, Docket(path).batch(0)).given
            columns = [given(name) for name in kernel.code.inputs]
            counts = np.zeros(len(code.outputs), dtype=np.int64)
            for start in range(0, words, STRETCH):
                end = min(start + STRETCH, words)
                found = kernel.run([column[start:end] for column in columns], out[:, : end - start])
                counts += np.bitwise_count(found).sum(axis=1, dtype=np.uint32)

        return records / timed(work)


def timed(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    work()
    took = []
    for _ in range(ROUNDS):
        begun = clock()
        work()
        took.append(clock() - begun)
    return min(took)  # what the machine does when nobody else wants it


# Others


def others(
    rules: dict[str, Tree],
    ours: Program,
    planes: Planes,
    base: float,
    found: dict[str, tuple[float, float, bool]],
    records: int,
) -> None:
    """The same rules and facts by others; what is not installed is said and left out."""
    bits = {
        number: tuple(
            np.unpackbits(side[f"事.{number}"][: records // 64].view(np.uint8), bitorder="little").astype(np.bool_)
            for side in (planes.true, planes.false)
        )
        for number in range(FACTS)
    }
    count = records // 64 * 64
    ways: list[tuple[str, float, Callable[[], Callable[[], object]]]] = [
        ("bulk.vs_polars", 3, lambda: by_polars(rules, bits)),
        ("bulk.vs_openfisca", 15, lambda: by_openfisca(rules, bits, count)),
        ("(pyarrow)", 0, lambda: by_pyarrow(rules, bits)),
    ]
    for name, wanted, way in ways:
        try:
            work = way()
        except ImportError as error:
            print(f"{name}: not compared, {error.name} is not installed")
            continue
        agree(name, work(), ours, planes, count)
        speed = count / timed(work)
        print(f"{name}: {speed / 1e6:.2f} M records a second, ours ÷ theirs {base / speed:.1f}")
        if wanted:
            found[name] = base / speed, wanted, True


def agree(name: str, theirs: Any, ours: Program, planes: Planes, count: int) -> None:
    """Stops where a peer says of a record what we do not; we may decide more than they do, since ours is not read off part by part.

    OpenFisca takes what is not proven for disproven; so do we for the comparison with it.
    """
    code, two_valued = states(ours), "openfisca" in name
    inputs = planes.inputs(code, count)
    if two_valued:
        inputs = [
            plane if one.value else ~planes.true[one.name.name][: count // 64]  # type: ignore[attr-defined]  # a fact
            for one, plane in zip(code.inputs, inputs, strict=True)
        ]
    found = np.unpackbits(Kernel(code).run(inputs).view(np.uint8), axis=1, bitorder="little").astype(np.bool_)
    more = 0
    for index, asked in enumerate(ours.asked):
        made, out = found[2 * index], found[2 * index + 1]
        said = pa.array(theirs[asked.target.name])
        known = np.asarray(said.is_valid())
        true = np.asarray(said.fill_null(False)) & known
        if (true & ~made).any() or (known & ~true & ~out).any():
            sys.exit(f"{name}: another answer to {asked.target.name}")
        more += int((made | out).sum() - known.sum())
    print(f"{name}: the same answers to {len(ours.asked)} conclusions of {count:,} records; we decide {more:,} more")


def folded(rules: dict[str, Tree], fact: Callable[[int], Any], both: Any, either: Any, no: Any) -> dict[str, Any]:
    """Every conclusion in somebody's own operators; readings at their default, which is the first option."""
    done: dict[str, Any] = {}

    def walk(tree: Tree) -> Any:
        kind, *rest = tree
        if kind == "fact":
            return fact(rest[0])
        if kind == "holds":
            return done[rest[0]]
        if kind == "not":
            return no(walk(rest[0]))
        if kind == "by":
            return walk(rest[1])
        result = walk(rest[0])
        for part in rest[1:]:
            result = (both if kind == "all" else either)(result, walk(part))
        return result

    for name, tree in rules.items():
        done[name] = walk(tree)
    return done


def by_polars(rules: dict[str, Tree], bits: dict[int, tuple[Any, ...]]) -> Callable[[], object]:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # one thread each
    import polars as pl

    frame = pl.DataFrame(
        {f"f{n}": pl.Series(true).set(pl.Series(~true & ~false), None) for n, (true, false) in bits.items()}
    )
    made = folded(rules, lambda n: pl.col(f"f{n}"), lambda a, b: a & b, lambda a, b: a | b, lambda a: ~a)
    asked = [one.alias(name) for name, one in made.items()]
    return lambda: frame.lazy().select(asked).collect()


def by_pyarrow(rules: dict[str, Tree], bits: dict[int, tuple[Any, ...]]) -> Callable[[], object]:
    import pyarrow.compute as pc

    columns = {n: pa.array(true, mask=~true & ~false) for n, (true, false) in bits.items()}
    return lambda: folded(rules, columns.__getitem__, pc.and_kleene, pc.or_kleene, pc.invert)


def by_openfisca(rules: dict[str, Tree], bits: dict[int, tuple[Any, ...]], records: int) -> Callable[[], object]:
    """Two-valued: what is not proven is false, which is what OpenFisca makes of a missing fact."""
    from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

    person = entities.Entity("person", "persons", "", "")
    system = taxbenefitsystems.TaxBenefitSystem([person])

    def declare(name: str, formula: Any) -> None:
        said = {"value_type": bool, "entity": person, "definition_period": periods.DateUnit.YEAR}
        if formula:
            said["formula"] = lambda persons, period: formula(persons, period)
        system.add_variable(type(name, (variables.Variable,), said))

    for n in bits:
        declare(f"f{n}", None)
    for name, tree in rules.items():
        declare(f"r{name.replace('.', '_')}", lambda persons, period, tree=tree: _two_valued(tree, persons, period))

    def work() -> dict[str, Any]:
        simulation = simulations.SimulationBuilder().build_default_simulation(system, count=records)
        for n, (true, _) in bits.items():
            simulation.set_input(f"f{n}", "2026", true)
        return {name: simulation.calculate(f"r{name.replace('.', '_')}", "2026") for name in rules}

    return work


def _two_valued(tree: Tree, persons: Any, period: Any) -> Any:
    return folded(
        {"": _calls(tree)},
        lambda n: persons(f"f{n}" if isinstance(n, int) else f"r{n.replace('.', '_')}", period),
        np.logical_and,
        np.logical_or,
        np.logical_not,
    )[""]


def _calls(tree: Tree) -> Tree:
    """The tree with other conclusions read like facts."""
    kind, *rest = tree
    if kind == "holds":
        return ("fact", rest[0])
    return (kind, *(_calls(part) if isinstance(part, tuple) else part for part in rest))


if __name__ == "__main__":
    sys.exit(main())
