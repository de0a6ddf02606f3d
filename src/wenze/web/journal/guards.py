"""The triggers that keep the tables of the record append-only, on SQLite and on PostgreSQL, and whether they stand.

They stop mistakes and programs gone astray, not somebody who owns the database: him `wenze verify` finds.

INVARIANT: SQLite's triggers hold without any pragma, so that another program than this one is stopped as well: an
`INSERT OR REPLACE`, which by default deletes past the triggers, is refused as an insert. Django rebuilds a table of
SQLite when it alters a column, and drops its triggers: such a migration ends with `put`.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from wenze.ledger import CONTROL

REFUSAL = "the record is only added to"
TABLES = ("journal_entry", "journal_opening", "journal_node", "journal_checkpoint", "journal_filing")
_ERASABLE = ("journal_opening", "journal_filing")
_INDEX = "journal_entry_control"


def put(database: BaseDatabaseWrapper) -> None:
    """Puts up all guards, where there are none of these names yet."""
    with database.cursor() as cursor:
        for statement in statements(database.vendor).values():
            cursor.execute(statement)


def take_down(database: BaseDatabaseWrapper) -> None:
    """For undoing the migration, and for tests that attack."""
    with database.cursor() as cursor:
        for name in reversed(statements(database.vendor)):
            cursor.execute(_dropping(database.vendor, name))


def statements(vendor: str) -> dict[str, str]:
    """What makes each guard, by its name. KeyError for a database that is neither SQLite nor PostgreSQL."""
    return {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]()


def faults(database: BaseDatabaseWrapper) -> list[str]:
    """One phrase for each guard that is missing or changed, each that is not ours, each damage of the tables."""
    return {"sqlite": _sqlite_faults, "postgresql": _postgresql_faults}[database.vendor](database)


def control_leaf(vendor: str) -> str:
    """The condition that a row is about the record itself, in the words of the index that finds it."""
    if vendor == "sqlite":
        return f"substr(leaf, 1, {len(CONTROL)}) = X'{CONTROL.hex()}'"
    return f"substring(leaf from 1 for {len(CONTROL)}) = '\\x{CONTROL.hex()}'::bytea"


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _sqlite() -> dict[str, str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    newest = "(SELECT max(n) FROM journal_entry)"
    said = "CAST(leaf AS TEXT)"
    erased = (  # a payload goes only right after the entry that says so
        f"(SELECT json_extract({said}, '$.entry') FROM journal_entry"  # nosec B608
        f" WHERE n = {newest} AND json_extract({said}, '$.kind') = 'erased')"
    )

    def there(table: str, *columns: str) -> str:
        # not `(a, b) IN (SELECT …)`, which SQLite 3.40 answers wrongly over an index with the columns the other way round
        same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
        return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # nosec B608 -- our own names

    refused_inserts = {
        "journal_entry": f"NEW.n IS NOT coalesce({newest} + 1, 0)",
        "journal_opening": f"NEW.n IS NOT {newest} OR {there('journal_opening', 'n')}",
        "journal_node": f"NEW.ends IS NOT {newest} + 1 OR {there('journal_node', 'ends', 'level')}",
        "journal_checkpoint": "NEW.n IS NOT (SELECT coalesce(max(n) + 1, 0) FROM journal_checkpoint)",
        "journal_filing": f"NEW.n IS NOT {newest} OR {there('journal_filing', 'n', 'about')}",
    }
    made = {_INDEX: f"CREATE INDEX {_INDEX} ON journal_entry (n) WHERE {control_leaf('sqlite')}"}
    for table in TABLES:
        made[f"{table}_update"] = f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refuse}"
        when = f" WHEN OLD.n IS NOT {erased}" if table in _ERASABLE else ""
        made[f"{table}_delete"] = f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table}{when} {refuse}"
        when = f" WHEN {refused_inserts[table]}"
        made[f"{table}_insert"] = f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table}{when} {refuse}"
    return made


def _sqlite_faults(database: BaseDatabaseWrapper) -> list[str]:
    expected = _sqlite()
    names = ", ".join(f"'{table}'" for table in TABLES)
    with database.cursor() as cursor:
        cursor.execute(  # indexes without a statement are those of primary keys
            f"SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ({names})"  # nosec B608 -- our own names
            f" AND (type = 'trigger' OR name = '{_INDEX}')"
        )
        present = dict(cursor.fetchall())
        damage = []
        for table in TABLES:
            cursor.execute(f"PRAGMA integrity_check({table})")
            damage += [f"{table}: {text}" for (text,) in cursor.fetchall() if text != "ok"]
    return _differences(expected, present) + damage


# --- PostgreSQL -------------------------------------------------------------------------------------------------------

_REFUSE = f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;"
_NEWEST = "(SELECT max(n) FROM journal_entry)"
_BODIES = {
    "journal_refuse": f"BEGIN {_REFUSE} END",
    "journal_next_entry": f"BEGIN IF NEW.n IS DISTINCT FROM coalesce({_NEWEST} + 1, 0) THEN {_REFUSE} END IF; RETURN NEW; END",
    "journal_next_checkpoint": (
        "BEGIN IF NEW.n IS DISTINCT FROM (SELECT coalesce(max(n) + 1, 0) FROM journal_checkpoint)"  # nosec B608
        f" THEN {_REFUSE} END IF; RETURN NEW; END"
    ),
    "journal_next_node": f"BEGIN IF NEW.ends IS DISTINCT FROM {_NEWEST} + 1 THEN {_REFUSE} END IF; RETURN NEW; END",
    "journal_of_newest": f"BEGIN IF NEW.n IS DISTINCT FROM {_NEWEST} THEN {_REFUSE} END IF; RETURN NEW; END",
    "journal_erased": (
        "DECLARE said json := (SELECT convert_from(leaf, 'UTF8')::json FROM journal_entry ORDER BY n DESC LIMIT 1);"  # nosec B608
        " BEGIN IF said->>'kind' IS DISTINCT FROM 'erased' OR said->>'entry' IS DISTINCT FROM OLD.n::text"
        f" THEN {_REFUSE} END IF; RETURN OLD; END"
    ),
}
_INSERTING = {
    "journal_entry": "journal_next_entry",
    "journal_opening": "journal_of_newest",
    "journal_node": "journal_next_node",
    "journal_checkpoint": "journal_next_checkpoint",
    "journal_filing": "journal_of_newest",
}


def _postgresql_triggers() -> dict[str, tuple[str, str, str]]:
    """Name → table, when, function."""
    made = {}
    for table in TABLES:
        deleting = "journal_erased" if table in _ERASABLE else "journal_refuse"
        made[f"{table}_update"] = (table, "BEFORE UPDATE ON {} FOR EACH ROW", "journal_refuse")
        made[f"{table}_delete"] = (table, "BEFORE DELETE ON {} FOR EACH ROW", deleting)
        made[f"{table}_insert"] = (table, "BEFORE INSERT ON {} FOR EACH ROW", _INSERTING[table])
        # row triggers do not see it
        made[f"{table}_truncate"] = (table, "BEFORE TRUNCATE ON {} FOR EACH STATEMENT", "journal_refuse")
    return made


def _postgresql() -> dict[str, str]:
    made = {
        name: f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ {body} $guard$"
        for name, body in _BODIES.items()
    }
    made[_INDEX] = f"CREATE INDEX {_INDEX} ON journal_entry (n) WHERE {control_leaf('postgresql')}"
    for name, (table, when, function) in _postgresql_triggers().items():
        made[name] = f"CREATE TRIGGER {name} {when.format(table)} EXECUTE FUNCTION {function}()"
    return made


_ASK_TRIGGERS = """
SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid), t.tgenabled::text, p.proname, p.prosrc
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
"""
_ASK_RULES = """
SELECT rulename FROM pg_rules WHERE tablename = ANY(%s) AND schemaname = current_schema()
"""
_ASK_INDEX = """
SELECT indexname FROM pg_indexes WHERE tablename = 'journal_entry' AND schemaname = current_schema() AND indexname = %s
"""


def _postgresql_faults(database: BaseDatabaseWrapper) -> list[str]:
    expected = {
        name: f"{table} {when.format(table)} {function} {_BODIES[function]} on"
        for name, (table, when, function) in _postgresql_triggers().items()
    }
    expected[_INDEX] = "there"
    present: dict[str, str] = {}
    with database.cursor() as cursor:
        cursor.execute(_ASK_TRIGGERS, [list(TABLES)])
        for name, table, definition, enabled, function, body in cursor.fetchall():
            when = definition.partition(f"CREATE TRIGGER {name} ")[2].partition(" EXECUTE ")[0]
            state = {"O": "on", "A": "on"}.get(enabled, "off")
            present[name] = f"{table} {_unqualified(when, table)} {function} {body.strip()} {state}"
        cursor.execute(_ASK_RULES, [list(TABLES)])
        present |= {rule: "a rule" for (rule,) in cursor.fetchall()}
        cursor.execute(_ASK_INDEX, [_INDEX])
        present |= {name: "there" for (name,) in cursor.fetchall()}
    return _differences(expected, present)


def _unqualified(when: str, table: str) -> str:
    """PostgreSQL writes the schema before the table."""
    before, _, after = when.partition(" ON ")
    return f"{before} ON {table} {after.partition(' ')[2]}"


# --- both -------------------------------------------------------------------------------------------------------------


def _differences(expected: dict[str, str], present: dict[str, str]) -> list[str]:
    missing = [f"{name}: missing" for name in expected.keys() - present.keys()]
    strange = [f"{name}: not part of a record" for name in present.keys() - expected.keys()]
    changed = [f"{name}: changed" for name in expected.keys() & present.keys() if expected[name] != present[name]]
    return sorted(missing + strange + changed)


def _dropping(vendor: str, name: str) -> str:
    if name == _INDEX:
        return f"DROP INDEX IF EXISTS {name}"
    if vendor == "sqlite":
        return f"DROP TRIGGER IF EXISTS {name}"
    if name in _BODIES:
        return f"DROP FUNCTION IF EXISTS {name}()"
    return f"DROP TRIGGER IF EXISTS {name} ON {_postgresql_triggers()[name][0]}"
