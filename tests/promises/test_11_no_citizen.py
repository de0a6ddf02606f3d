"""Promise 11: only office-holders, posts, units and official acts are subjects.

Every model and every column that could hold words is listed here with what it is about. A new one without a line fails, so
that nobody makes a place for petitioners, reporters, worshippers, victims or bystanders by the way.
"""

from __future__ import annotations

import json
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from web.cases.world import opened, prefecture
from wenze.web.cases import evidence
from wenze.web.cases.actions import Refused

SUBJECTS: dict[str, dict[str, str]] = {
    # Django's own: nobody has a permission or a group; both tables stay empty
    "auth.Permission": {"name": "unused", "codename": "unused"},
    "auth.Group": {"name": "unused"},
    "contenttypes.ContentType": {"app_label": "the program", "model": "the program"},
    "sessions.Session": {"session_key": "a log-in of a staff user", "session_data": "a log-in of a staff user"},
    # the record: commitments, and payloads of official acts
    "journal.Entry": {"leaf": "a commitment to an official act", "hash": "the tree"},
    "journal.Opening": {"bytes": "an official act, as recorded"},
    "journal.Node": {"hash": "the tree"},
    "journal.Checkpoint": {"note": "the signed state of the record"},
    "journal.Filing": {"about": "a reference: word/id, never a name"},
    # units, posts, office-holders, staff
    "offices.Unit": {
        "code": "a unit",
        "name": "a unit",
        "name_en": "a unit",
        "kind": "a term of the instrument",
        "level": "a term of the instrument",
    },
    "offices.Post": {
        "code": "a post",
        "title": "a post",
        "title_en": "a post",
        "role": "a term of the instrument",
        "rank": "a term of the instrument",
    },
    "offices.Official": {"code": "an office-holder", "name": "an office-holder"},
    "offices.Tenure": {"mode": "a term of the instrument"},
    "offices.Management": {},
    "offices.DivisionPaper": {"number": "an official paper", "title": "an official paper"},
    "offices.Charge": {"matter": "a matter put in the charge of a post"},
    "offices.User": {
        "username": "a staff user",
        "name": "a staff user",
        "password": "a staff user's secret",
        "totp": "a staff user's secret",
    },
    "offices.Grant": {"role": "what a staff user does"},
    "offices.Relationship": {"nature": "how a staff user is related to an office-holder"},
    # cases: official acts, with what the case file of the law has a place for
    "cases.Case": {"reference": "a case", "title": "official conduct", "instrument": "an instrument"},
    "cases.Move": {
        "step": "a step of the procedure",
        "subject": "a respondent, by its code in the case",
        "role": "what a staff user does",
        "table": "the version of the law",
        "says": "an official act; free words are warned about",
    },
    "cases.Particular": {
        "collection": "a part of the case file, by the law's own name",
        "identity": "which one of it",
        "values": "what the law's reader lets in: it has no place for a citizen",
        "reason": "why a staff user changed it",
    },
    "cases.EvidenceFile": {
        "evidence": "which evidence",
        "digest": "a hash",
        "media_type": "what the bytes are",
        "name": "what a staff user called the file",
    },
    "cases.Subject": {"identity": "a respondent: a post or a unit"},
    "cases.Assignment": {"duty": "what a staff user does in a case"},
    "cases.Recusal": {"ground": "a term of the procedure", "reasons": "a staff user's reasons"},
    "cases.Receipt": {"digest": "a hash", "content": "a determination"},
    "cases.Affirmation": {
        "subject": "a respondent",
        "step": "a step of the procedure",
        "standard": "a term of the instrument",
        "reasons": "a staff user's reasons",
        "receipt": "a hash",
    },
    "cases.Point": {"subject": "a respondent", "text": "a point of the respondent's defence"},
    "cases.Answer": {"subject": "a respondent", "reasons": "a staff user's reasons"},
    "cases.Motion": {
        "subject": "a respondent",
        "step": "a step of the procedure",
        "proposes": "what is put to the vote",
        "members": "staff users",
    },
    "cases.Overdue": {"subject": "a respondent", "clock": "a period of the procedure"},
    "cases.Vote": {"choice": "for, against, abstaining", "reasons": "a member's reasons", "salt": "chance"},
}
"""Model → column that can hold words → whose or what's words these are."""

WORDY = (models.CharField, models.TextField, models.BinaryField, models.JSONField, models.FileField)
CITIZENS = re.compile(
    r"petition|complainant|reporter|informant|whistle|worship|believer|victim|bystander|citizen|resident|relative|"
    r"witness|phone|mobile|address|birth|gender|ethnic|religio|id_?card|identity_number|score|rating|risk|"
    r"信访|上访|举报人|信教|信徒|受害|群众|公民|居民|亲属|身份证|电话|手机|住址|民族|宗教|评分|积分|排名"
)
MODELS = list(apps.get_models(include_auto_created=True))


def label(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_model_and_every_column_of_words_says_what_it_is_about(model: type[models.Model]) -> None:
    if model._meta.auto_created:
        return  # two keys of models that are listed
    assert label(model) in SUBJECTS, f"{label(model)}: say here what it is about; it may not be about a citizen"
    wordy = {field.name for field in model._meta.concrete_fields if isinstance(field, WORDY) and not field.remote_field}
    assert wordy == SUBJECTS[label(model)].keys()


def test_nothing_is_listed_that_is_not_there() -> None:
    assert SUBJECTS.keys() == {label(model) for model in MODELS if not model._meta.auto_created}


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_no_model_or_column_is_named_after_a_citizen_or_a_score(model: type[models.Model]) -> None:
    named = [model._meta.label, str(model._meta.verbose_name), model._meta.db_table]
    for field in model._meta.concrete_fields:
        named += [field.name, str(field.verbose_name), *(str(choice) for choice in field.flatchoices)]
    assert [name for name in named if CITIZENS.search(name)] == []


def test_every_table_is_that_of_a_model(database: str) -> None:
    """No table beside the models: none for searching, none of a trigger."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert tables - {model._meta.db_table for model in MODELS} == {"django_migrations"}


def test_no_index_is_over_free_words(database: str) -> None:
    """An index is how people are looked up: only keys, codes, dates and terms have one."""
    free = {
        "title",
        "matter",
        "proposes",
        "content",
        "reason",
        "nature",
        "note",
        "bytes",
        "session_data",
        "reasons",
        "text",
        "story",
        "says",
        "values",
    }
    for model in MODELS:
        columns = {field.column for field in model._meta.concrete_fields if field.name in free}
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        for name, constraint in found.items():
            if constraint["index"] or constraint["unique"]:
                assert not columns & set(constraint["columns"]), f"{model._meta.db_table}.{name}"


def test_no_case_model_has_a_second_unrecorded_door() -> None:
    assert not apps.is_installed("django.contrib.admin")


# --- somebody who is nobody's subject ---------------------------------------------------------------------------------

PETITIONER = "孟阿婆"  # made up, and planted in what was admitted as evidence


def everything_kept() -> bytes:
    """Every value of every table, and every file among the data, one after the other."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for value in (value for row in cursor.fetchall() for value in row):
                found.append(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode())
    found += [path.read_bytes() for path in settings.SITE.data.rglob("*") if path.is_file()]
    return b"\n".join(found)


def test_a_petitioner_in_evidence_appears_nowhere_else(database: str) -> None:
    desk = opened(prefecture())
    letter = f"来信:{PETITIONER}反映庆典没有安全出口。".encode()
    kept = evidence.store().keep(letter)
    told = {
        "id": "E9",
        "title": "来信",
        "form": "书证",
        "source": "转交",
        "obtained": "2026-01-30",
        "obtained_by": "承办人",
    }
    desk.work("admit-evidence", "handler", values=told, kept=kept, name="来信.txt")
    assert evidence.store().read(kept.digest) == letter, "who may read the evidence reads it whole"
    everything = everything_kept()
    assert "没有做社会稳定风险评估".encode() in everything, "what is in clear would be found"
    for encoded in (PETITIONER.encode(), PETITIONER.encode("utf-16-le"), json.dumps(PETITIONER)[1:-1].encode()):
        assert encoded not in everything


def test_the_case_file_has_no_place_for_a_citizen(database: str) -> None:
    desk = opened(prefecture())
    for collection in ("petitioners", "people", "reporters"):
        with pytest.raises((Refused, KeyError, ValueError)):
            desk.work("enter", "handler", records=[(collection, {"id": "X1", "title": PETITIONER})])
    with pytest.raises(Refused):
        values = {"id": "V9", "title": "集会", "participants": [PETITIONER]}
        desk.work("enter", "handler", records=[("events", values)])
    assert PETITIONER.encode() not in everything_kept()
