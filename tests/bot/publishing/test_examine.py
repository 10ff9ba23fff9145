"""From a file to a published policy: what is understood, refused, and left behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import app
from bot.publishing import examine
from knowledge.corpus import load
from knowledge.regions import Regions

NOTICE = """云州市人力资源和社会保障局 杭州市财政局关于印发杭州市就业见习补贴办法的通知
杭人社规〔2024〕7号
各区县人力资源和社会保障局:
现将《杭州市就业见习补贴办法》印发给你们,请认真贯彻执行。
杭州市人力资源和社会保障局
杭州市财政局
2024年3月15日
杭州市就业见习补贴办法
第一章 总则
第一条 为促进就业,制定本办法。
第二章 标准
第二条 见习基地可以申请下列补贴:
(一)见习补贴,每人每月1500元;
(二)留用补贴,一次性3000元。
第三章 附则
第三条 本办法自2024年5月1日起施行,有效期三年。《杭州市见习办法》(杭人社规〔2020〕3号)同时废止。
附件1
补贴标准表
| 类别 | 标准 |
| 博士 | 3000元 |
""".replace("云州市", "杭州市")


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADVISOR_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_what_is_understood_is_one_line_of_json(notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["ingest", str(notice), "--json", "--dry-run"]) == 0

    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    clauses = {clause["id"]: clause for clause in found.pop("clauses")}
    assert found.pop("notes")
    assert found == {
        "file": str(notice),
        "format": "txt",
        "title": "杭州市人力资源和社会保障局 杭州市财政局关于印发杭州市就业见习补贴办法的通知",
        "number": "杭人社规〔2024〕7号",
        "issuers": ["杭州市人力资源和社会保障局", "杭州市财政局"],
        "region": "杭州市",
        "issued_on": "2024-03-15",
        "valid_from": "2024-05-01",
        "valid_to": "2027-04-30",
        "repeals": ["《杭州市见习办法》(杭人社规〔2020〕3号)"],
    }
    assert list(clauses) == ["0", "1", "1.1", "2", "2.2", "2.2.1", "2.2.2", "3", "3.3", "A1", "A1.0", "A1.r1"]
    assert clauses["2.2.1"] == {
        "id": "2.2.1",
        "alias": "2.1",
        "kind": "item",
        "heading": "见习补贴,每人每月1500元",
        "text": "(一)见习补贴,每人每月1500元;",
    }
    assert [clauses[c]["kind"] for c in ("2", "2.2", "3.3", "A1", "A1.r1")] == [
        "section", "section", "clause", "annex", "item",
    ]  # fmt: skip
    assert clauses["A1.r1"]["text"] == "类别:博士 | 标准:3000元"


def test_a_batch_goes_on_past_bad_files(
    notice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    bad = tmp_path / "坏.docx"
    bad.write_bytes(b"PK\x03\x04broken")

    assert app.main(["ingest", str(bad), str(tmp_path / "没有.pdf"), str(notice), "--json", "--dry-run"]) == 2

    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert "不完整" in first["error"]
    assert "下载" in first["hint"]
    assert "没有这个文件" in second["error"]
    assert third["number"] == "杭人社规〔2024〕7号"
    assert not (data / "policies").exists()


def test_two_files_that_claim_one_number_are_told(
    notice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "另一份.txt"
    other.write_text(NOTICE.replace("1500", "1600"), encoding="utf-8")

    app.main(["ingest", str(notice), str(other), "--json", "--dry-run"])

    _, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert any("同一个文号杭人社规〔2024〕7号" in note for note in second["notes"])


def test_a_document_that_is_known_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = app.SHIPPED / "qingdao-2023" / "source.txt"

    app.main(["ingest", str(known), "--dry-run"])

    assert "已经收录在 qingdao-2023" in capsys.readouterr().out


def test_a_file_that_takes_too_long_is_set_aside(notice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine, "SECONDS", 0.05)
    notice.write_text("甲乙丙丁" * 400_000, encoding="utf-8")
    regions = Regions.shipped()

    found = examine.examine(notice, regions, load((), regions))

    assert isinstance(found, examine.Unreadable)
    assert "没有读完" in found.problem


def test_a_file_as_large_as_a_film_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(500 * 2**20)
    regions = Regions.shipped()

    found = examine.examine(path, regions, load((), regions))

    assert isinstance(found, examine.Unreadable)
    assert "500 MB" in found.problem


def test_a_page_with_a_title_and_no_text_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "空.html"
    path.write_text(
        "<html><body><h1>云州市关于就业工作的通知</h1><div id=zoom></div><h3>相关文件</h3>"
        "<p>一、关于印发旧办法的通知</p></body></html>"
    )
    regions = Regions.shipped()

    found = examine.examine(path, regions, load((), regions))

    assert isinstance(found, examine.Unreadable)
    assert "没有正文" in found.problem
