from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.records.store import Records

_MISSING = "没有找到 postgresql:apt-get install postgresql(.ci/run 会自己装)"
_WITHOUT = "ADVISOR_TEST_WITHOUT_POSTGRESQL"  # set by those who develop on a machine that has none


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server, without a database's name; it speaks through a socket only."""
    programs = shutil.which("initdb") or max(
        map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=""
    )
    if not programs and os.environ.get(_WITHOUT):
        pytest.skip(f"{_MISSING};{_WITHOUT} 说这台机器上可以没有")
    assert programs, _MISSING
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path may have 107 characters
    owner = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if owner:
        shutil.chown(folder, owner)
    bin_folder = Path(programs).resolve().parent

    def run(program: str, *arguments: str) -> None:
        command = [str(bin_folder / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, user=owner, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "advisor", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-F -k {folder} -c listen_addresses=", "start")
    yield f"postgresql+psycopg://advisor@/{{}}?host={folder}"
    run("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/records.sqlite"
    address: str = request.getfixturevalue("postgresql")
    name = f"records_{secrets.token_hex(4)}"
    engine = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as database:
        database.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return address.format(name)


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    with closing(Records.open(url)) as opened:
        yield opened
