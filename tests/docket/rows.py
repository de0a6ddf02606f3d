"""A small law and random rows under it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from law import lamps
from wenze.docket.tables import Tables, rows_of
from wenze.law import Law, Shape


def tiny() -> Law:
    """A small law with a reading, a constraint, an exception to a rule, and who stands highest."""
    return lamps.law(
        lamps.facts("灯.坏 事实 行为", "灯.急 事实 行为", "灯.误 事实 参与", "灯.报 事实 参与", "灯.齐 事实 行为"),
        lamps.reading("急", "宽", "严"),
        lamps.constraint("急者坏", "若 灯.急\n则 灯.坏"),
        lamps.rule("1", "全部\n  灯.误\n  依解读 急\n    取 宽 灯.坏\n    取 严 灯.急"),
        lamps.rule("1-共", "全部\n  灯.误\n  某 参与 除本人 名单 灯.齐\n    成立 1", group="责任", says="次责 应"),
        lamps.rule("1-高", "最高 名单 灯.齐\n  成立 1", group="责任", says="主责 应"),
        lamps.exception("报", "1、1-共", "任一\n  灯.报\n  全部\n    非 灯.报\n    非 灯.坏"),
    )


def states(law: Law, acts: int, participants: int, seed: int, events: int = 0) -> dict[str, pa.RecordBatch]:
    """Random states for so many acts."""
    random, tables = np.random.default_rng(seed), Tables(law)
    found = {}
    for table, rows in rows_of(Shape(participants, events), acts).items():
        columns = []
        for field in tables.schema(table):
            if field.name == "case":
                columns.append(pa.array([f"c{row % max(acts, 1)}" for row in range(rows)], pa.string()))
            elif field.name in {"act", "event"}:
                columns.append(pa.array(np.zeros(rows), field.type))
            elif field.name == "respondent":
                columns.append(pa.array(np.arange(rows) // max(acts, 1), field.type))
            elif field.name == "pair":
                columns.append(pa.array(np.ones(rows, dtype=bool)))
            elif field.name in {"rank", "order"}:
                columns.append(pa.array(random.integers(0, 3, rows), field.type, mask=random.random(rows) < 0.3))
            else:
                columns.append(pa.array(random.random(rows) < 0.5, mask=random.random(rows) < 0.4))
        found[table] = pa.RecordBatch.from_arrays(columns, schema=tables.schema(table))
    return found
