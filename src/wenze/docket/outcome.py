"""Results on disk: one Arrow file, a row a participation, for each target whether it holds and what else is said of it.

`NAME` is true where it is made out, false where it is not, null where it is open or has no state; `NAME 不适用`, `NAME 矛盾`, `NAME 或不适用`
and `NAME 稳健` say what the three cannot. Results of a target that is asked of pairs only are null in other rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from wenze.docket.answers import Answer, GroupAnswers
from wenze.docket.columns import column_of, joined, plain_column
from wenze.docket.results import Engine
from wenze.docket.whole import whole_file

_KEYS = ("case", "act", "respondent", "pair")
_SAID = {"不适用": "never", "矛盾": "clash", "或不适用": "gate", "稳健": "robust"}


@contextmanager
def results_file(path: Path | None, engine: Engine) -> Iterator[Callable[[GroupAnswers], None]]:
    """Writes the results of groups; the file is there when it is whole."""
    if path is None:
        yield lambda group: None
        return
    said = {"instrument": engine.law.id, "sha256": engine.law.digest, "rules_sha256": engine.law.rules_digest}
    whole = results_schema(engine).with_metadata(said)
    with whole_file(path) as beside, pa.OSFile(str(beside), "wb") as file, pa.ipc.new_file(file, whole) as writer:
        yield lambda group: writer.write_batch(results_rows(group, whole, engine))


def results_schema(engine: Engine) -> pa.Schema:
    """The columns of results."""
    schema = engine.tables.schema("participations")
    fields = [schema.field(name) for name in _KEYS]
    for target in engine.targets:
        fields += [pa.field(name, pa.bool_()) for name in (target.name, *(f"{target.name} {said}" for said in _SAID))]
    return pa.schema(fields)


def results_rows(group: GroupAnswers, schema: pa.Schema, engine: Engine) -> pa.RecordBatch:
    """The results of a group, a row a participation."""
    rows = group.batch.tables["participations"]
    columns = [rows.column(name) for name in _KEYS]
    by_target: dict[str, list[Answer]] = {}
    for answer in group.answers:
        by_target.setdefault(answer.target.name, []).append(answer)
    acts = group.batch.group.acts
    for target in engine.targets:
        answers = by_target[target.name]
        asked = [group.asked(answer) for answer in answers]
        columns.append(
            joined(
                [
                    column_of(one.made & used, (one.out | one.never) & used, acts)
                    for one, used in zip(answers, asked, strict=True)
                ]
            )
        )
        for plane in _SAID.values():
            parts = [plain_column(getattr(one, plane) & used, acts) for one, used in zip(answers, asked, strict=True)]
            columns.append(pa.concat_arrays(parts))
    return pa.RecordBatch.from_arrays(columns, schema=schema)
