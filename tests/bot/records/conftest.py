from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine

from bot.records.store import Records

# A PostgreSQL database that may be emptied, for those who have one: postgresql+psycopg://…
_POSTGRESQL = os.environ.get("ADVISOR_TEST_POSTGRESQL")


@pytest.fixture(params=["sqlite", "postgresql"] if _POSTGRESQL else ["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite" or not _POSTGRESQL:
        return f"sqlite:///{tmp_path}/data/records.sqlite"
    engine = create_engine(_POSTGRESQL)
    tables = MetaData()
    tables.reflect(engine)
    tables.drop_all(engine)
    engine.dispose()
    return _POSTGRESQL


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    with closing(Records.open(url)) as opened:
        yield opened
