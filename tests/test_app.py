"""The command line: what a person types and what comes back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import app
from bot.advisor import Advisor

JOBS = "hangzhou-2023 2.3.17:jobs"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, advisor: Advisor, data_dir: Path) -> Path:
    """A data folder with the index that the session built already; building one takes half a minute."""
    shutil.copytree(data_dir / "index", tmp_path / "index")
    monkeypatch.setenv("ADVISOR_DATA_DIR", str(tmp_path))
    return tmp_path


def test_a_question_gets_text_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["ask", "岛城跑外卖的意外险补多少", "--as-of", "2024-06-01"]) == 0

    said = capsys.readouterr().out
    assert "每人每年不高于100元" in said
    assert "qingdao-2023#2.9" in said
    assert "AI生成" in said
    assert "**" not in said


def test_json_is_the_object_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    app.main(["ask", "租房补贴能领几年", "--region", "杭州", "--as-of", "2024-06-01", "--json"])

    answer = json.loads(capsys.readouterr().out)
    assert answer["citations"][0]["clause"] == "2.1.3"
    assert answer["regions"] == ["杭州市"]


def test_a_day_that_no_calendar_has_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        app.main(["ask", "你好", "--as-of", "2023-02-30"])

    assert refused.value.code == 2
    assert "没有“2023-02-30”这一天" in capsys.readouterr().err


def test_an_unknown_region_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["ask", "你好", "--region", "火星"]) == 2
    assert "不认识地区“火星”" in capsys.readouterr().err


def test_the_index_is_built_once(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(data / "index")

    assert app.main(["index"]) == 0
    assert app.main(["index"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("索引已更新")
    assert second.startswith("索引已是最新")


def test_a_damaged_index_is_told_with_the_command_that_rebuilds_it(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "index" / "manifest.json").write_text("garbage", encoding="utf-8")

    assert app.main(["ask", "杭州租房补贴"]) == 1
    assert "python app.py index" in capsys.readouterr().err
    assert app.main(["index"]) == 0
    assert app.main(["ask", "杭州租房补贴"]) == 0


def test_a_policy_folder_with_a_mistake_is_named_and_the_others_serve(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = data / "policies" / "wuhan-2024"
    wrong.mkdir(parents=True)
    (wrong / "policy.toml").write_text('id = "wuhan-2023"\n', encoding="utf-8")

    assert app.main(["ask", "岛城跑外卖的意外险补多少"]) == 0
    told = capsys.readouterr()
    assert "wuhan-2024/policy.toml" in told.err
    assert "100元" in told.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([JOBS, "student_status=enrolled", "heads=5", "year_index=1"], 0, "4000元(每年)"),
        ([JOBS, "heads=3.5"], 2, "heads"),
        (["none"], 2, "没有这个项目"),
    ],
)
def test_a_figure_is_computed(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert app.main(["calculate", *arguments, "--as-of", "2024-06-01"]) == code
    assert words in capsys.readouterr().out


def test_amounts_below_a_yuan_are_exact(capsys: pytest.CaptureFixture[str]) -> None:
    facts = ["student_status=enrolled", "in_peipao_space=true", "area_m2=33.5", "days=31"]
    app.main(["calculate", "hangzhou-2023 2.3.21:space_rent", *facts, "--as-of", "2024-06-01", "--json"])

    assert json.loads(capsys.readouterr().out)["amount_yuan"] == "3115.50"


def test_a_person_is_screened(capsys: pytest.CaptureFixture[str]) -> None:
    facts = ["degree=college", "age=35", "full_time_college=true", "works_in_hangzhou=true"]
    assert app.main(["screen", "杭州", *facts, "--as-of", "2024-06-01"]) == 0

    said = capsys.readouterr().out
    assert "符合写明的条件" in said
    assert "下一个问题" in said
