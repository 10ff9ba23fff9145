from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.corpus import SHIPPED


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """Two of the shipped policies with a few phrasings: how many there are is not what is tested."""
    folder = tmp_path / "policies"
    for policy_id, clause, words in (("qingdao-2023", "2.9", "意外伤害"), ("shanghai-2023", "2.5", "培训")):
        shutil.copytree(SHIPPED / policy_id, folder / policy_id, ignore=shutil.ignore_patterns("programs"))
        (folder / policy_id / "phrasings.toml").write_text(
            f'[["{clause}"]]\nat = "{words}"\nasks = ["有没有{words}", "{words}怎么补"]\n\n'
            f'[["{clause}"]]\nunsaid = "{words}几天办好"\nasks = ["{words}几天办好", "办{words}要等多久"]\n',
            encoding="utf-8",
        )
    return folder
