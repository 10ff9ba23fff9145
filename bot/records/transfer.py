"""All rows of one database into another, whichever kinds they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, insert, select

from bot.records.database import open_database, overwrite_deleted, writing
from bot.records.tables import Base

_AT_ONCE = 500  # rows


def transfer(source_url: str, target_url: str, before_commit: Callable[[], None] = lambda: None) -> int:
    """Put all rows of the source, as of one moment, in place of the target's; return how many.

    What `before_commit` raises leaves the target as it was.

    Raises:
        NoDatabase: one of them cannot be opened.
    """
    tables = Base.metadata.sorted_tables
    count = 0
    with _opened(source_url) as source, _opened(target_url) as target:
        with _as_of_one_moment(source).connect() as old, writing(target).begin() as new:
            for table in reversed(tables):
                new.execute(table.delete())
            for table in tables:
                found = old.execution_options(yield_per=_AT_ONCE).execute(select(table))
                for rows in found.mappings().partitions():
                    new.execute(insert(table), [dict(row) for row in rows])
                    count += len(rows)
            before_commit()
        overwrite_deleted(target)
    return count


def is_empty(url: str) -> bool:
    """Whether a database holds no row at all.

    Raises:
        NoDatabase: it cannot be opened.
    """
    with _opened(url) as engine, engine.connect() as database:
        tables = Base.metadata.sorted_tables
        return all(database.execute(select(table).limit(1)).first() is None for table in tables)


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _as_of_one_moment(engine: Engine) -> Engine:
    """SQLite's readers see one moment anyhow."""
    is_sqlite = engine.dialect.name == "sqlite"
    return engine if is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
