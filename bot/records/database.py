"""The database under the records: opening it, and bringing its tables up to date."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

_MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATION_LOCK = 0x5245434F  # any number that nothing else locks in the same PostgreSQL database
_WAIT_S = 30.0  # for another writer
_CONNECTIONS = 8  # kept open; a busy moment opens more

_log = logging.getLogger(__name__)


class NoDatabase(RuntimeError):
    """The database cannot be opened; says why, and which, without its password."""


def open_database(url: str) -> Engine:
    """Return an engine on a database whose tables are up to date.

    Several processes may open the same one at once. A SQLite file is made when there is none.

    Raises:
        NoDatabase: it cannot be reached, the URL is none, or a newer version of the product made it.
        ValueError: the URL is SQLite's and names no file.
    """
    try:
        return _opened(url)
    except ArgumentError as error:  # not repeated: a URL that cannot be read may show its password
        raise NoDatabase("expected an address as in postgresql+psycopg://user@host/name") from error
    except (SQLAlchemyError, CommandError, ModuleNotFoundError) as error:
        reason = getattr(error, "orig", None) or error
        raise NoDatabase(f"{make_url(url).render_as_string(hide_password=True)}: {reason}") from error


def _opened(url: str) -> Engine:
    file = _sqlite_file(url)
    engine = create_engine(
        url,
        pool_size=_CONNECTIONS,
        pool_pre_ping=True,
        hide_parameters=True,  # or an error would carry what people asked into the log
        connect_args={"timeout": _WAIT_S} if file else {},
    )
    try:
        with _alone(file) if file else nullcontext():
            if file:
                _set_up_sqlite(engine)
            _upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def writing(engine: Engine) -> Engine:
    """Return `engine` for transactions that write: SQLite's take the write lock as they begin.

    One that reads first and asks for the lock later is refused without any waiting when another
    wrote in between.
    """
    return engine.execution_options(writes=True)


def storable(text: str) -> str:
    """Return `text` with � for what a database's text cannot hold: NUL and half characters."""
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


def overwrite_deleted(engine: Engine) -> None:
    """Leave nothing of deleted rows in SQLite's files; takes about 5 ms, and 5 ms more for each MB.

    PostgreSQL's own vacuum and the recycling of its log do it there, in time.
    """
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        try:
            # Rows that SQLite moved to another page stay behind in the old one, secure_delete or not.
            cursor.execute("VACUUM")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            _log.exception("deleted rows are not overwritten yet")
        else:
            if busy:
                _log.warning("deleted rows stay in the write-ahead log until its next checkpoint")
        finally:
            cursor.close()


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    if parsed.database in {None, "", ":memory:"}:
        raise ValueError(f"expected a file, as in sqlite:///data/records.sqlite, found {url}")
    return Path(str(parsed.database))


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Keep out other processes that open `file`; the lock is gone when its holder is.

    Switching a new file to WAL fails at once when another process does the same.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    with closing(sqlite3.connect(f"{file}.lock", timeout=60, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _set_up_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # the driver begins no transaction; `begin` does
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(engine: Engine) -> None:
    with writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        command.upgrade(config, "head")
