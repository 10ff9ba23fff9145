"""The shipped policies, where each stands on a day, and what is refused at load."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from knowledge.corpus import SHIPPED, Corpus, UnknownClause, citable, load, target_period
from knowledge.regions import Regions
from knowledge.types import ClauseKind, ValidityStatus


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load((SHIPPED,), Regions.shipped())


def test_the_five_documents_load_and_none_is_refused(corpus: Corpus) -> None:
    assert corpus.refused == ()
    assert set(corpus.policies) == {
        "hangzhou-2023",
        "jiaxing-2013",
        "jinan-2022",
        "qingdao-2023",
        "shanghai-2023",
    }


@pytest.mark.parametrize(
    ("policy_id", "day", "status"),
    [
        ("hangzhou-2023", "2023-07-04", "not_yet"),
        ("hangzhou-2023", "2023-07-05", "in_force"),
        ("hangzhou-2023", "2025-12-31", "in_force"),
        ("hangzhou-2023", "2026-01-01", "ended"),
        ("qingdao-2023", "2023-08-14", "not_yet"),
        ("qingdao-2023", "2023-08-15", "unstated"),
        ("qingdao-2023", "2024-12-31", "unstated"),
        ("qingdao-2023", "2025-01-01", "period_over"),
        ("shanghai-2023", "2024-12-31", "unstated"),
        ("shanghai-2023", "2025-01-01", "period_over"),
        ("jinan-2022", "2025-12-31", "unstated"),
        ("jinan-2022", "2026-01-01", "period_over"),
        ("jiaxing-2013", "2013-10-10", "not_yet"),
        ("jiaxing-2013", "2015-12-31", "unstated"),
        ("jiaxing-2013", "2016-01-01", "period_over"),
    ],
)
def test_where_a_document_stands_on_the_day_before_the_first_and_the_last(
    corpus: Corpus, policy_id: str, day: str, status: str
) -> None:
    found = corpus.status(corpus.policies[policy_id], date.fromisoformat(day))

    assert found == ValidityStatus(status)


@pytest.mark.parametrize(
    ("full_id", "last_day"),
    [
        ("qingdao-2023#2.1", "2025-12-31"),
        ("qingdao-2023#2.9", "2024-12-31"),
        ("jiaxing-2013#3.2.4", "2016-12-31"),
        ("jiaxing-2013#3.3.2", "2015-12-31"),
    ],
)
def test_a_clause_may_have_a_target_period_of_its_own(corpus: Corpus, full_id: str, last_day: str) -> None:
    policy_id, _, clause_id = full_id.partition("#")
    period = target_period(corpus.policies[policy_id], clause_id)

    assert period is not None
    assert period.until == date.fromisoformat(last_day)
    assert period.quote in corpus.policies[policy_id].text


def test_hangzhou_has_no_number_and_a_title_that_a_person_supplied(corpus: Corpus) -> None:
    policy = corpus.policies["hangzhou-2023"]

    assert policy.number is None
    assert policy.issuers == ()
    assert policy.title.quote is None
    assert policy.title.supplied_by


@pytest.mark.parametrize("policy_id", ["qingdao-2023", "shanghai-2023", "jinan-2022", "jiaxing-2013"])
def test_what_the_file_says_about_a_document_stands_in_its_text(corpus: Corpus, policy_id: str) -> None:
    policy = corpus.policies[policy_id]

    for stated in (policy.title, policy.number, *policy.issuers):
        if stated is not None:
            assert stated.quote is not None
            assert stated.quote in policy.text


def test_only_hangzhou_states_a_validity(corpus: Corpus) -> None:
    assert [p.policy_id for p in corpus.policies.values() if p.valid_from] == ["hangzhou-2023"]


def test_hangzhou_repeals_the_plan_before_it(corpus: Corpus) -> None:
    (repeal,) = corpus.policies["hangzhou-2023"].repeals

    assert repeal.number == "杭政办函〔2020〕11号"


def test_a_clause_is_found_by_its_full_id(corpus: Corpus) -> None:
    assert "3000元的一次性创业补贴" in corpus.clause("hangzhou-2023#2.3.17").text


@pytest.mark.parametrize("full_id", ["hangzhou-2023#9.9", "wuhan-2023#1", "", "hangzhou-2023"])
def test_an_unknown_clause_is_named(corpus: Corpus, full_id: str) -> None:
    with pytest.raises(UnknownClause, match=full_id or "''"):
        corpus.clause(full_id)


def test_headings_are_context_and_never_cited(corpus: Corpus) -> None:
    for policy in corpus.policies.values():
        kinds = {clause.kind for clause in citable(policy)}
        assert kinds.isdisjoint({ClauseKind.SECTION, ClauseKind.ANNEX})


# ── what is refused ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for policy_id in ("qingdao-2023", "hangzhou-2023"):
        shutil.copytree(SHIPPED / policy_id, tmp_path / policy_id)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("on = 2023-08-15", 'on = "2023-02-30"', "issued.on", "日期"),
        ("on = 2023-08-15", "on = 2023-02-30", "policy.toml", "TOML"),
        ("on = 2023-08-15", "on = 2023-08-16", "issued.on", "不符"),
        ("[issued]", "[isued]", "isued", "不认识"),
        ('region = "370200"', 'region = "999999"', "region", "不存在"),
        ('region = "370200"', "region = 370200", "region", "文字"),
        ('id = "qingdao-2023"', 'id = "hangzhou-2023"', "id", "文件夹名"),
        ('quote = "到2024年底"', 'quote = "到2025年底"', "periods.0.quote", "原文里没有"),
        ('clause = "2.1"', 'clause = "9.9"', "periods.1.clause", "没有条款"),
        (
            'value = "青人社字〔2023〕77号"\nquote = "文号:青人社字〔2023〕77号"',
            'value = "青人社字〔2023〕78号"',
            "number",
            "原文里没有",
        ),
    ],
)
def test_a_mistake_is_refused_by_file_and_key_and_the_others_serve(
    folder: Path, old: str, new: str, key: str, problem: str
) -> None:
    path = folder / "qingdao-2023" / "policy.toml"
    change(path, old, new)

    loaded = load((folder,), Regions.shipped())

    (refusal,) = loaded.refused
    assert refusal.path == path
    assert refusal.key == key
    assert problem in refusal.problem
    assert set(loaded.policies) == {"hangzhou-2023"}


def test_a_policy_without_its_source_is_refused(folder: Path) -> None:
    (folder / "qingdao-2023" / "source.txt").unlink()

    (refusal,) = load((folder,), Regions.shipped()).refused

    assert refusal.key == "source"


def test_a_source_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "qingdao-2023" / "source.txt").write_bytes(b"\xd5\xe3\xbd")

    (refusal,) = load((folder,), Regions.shipped()).refused

    assert "UTF-8" in refusal.problem


def test_a_folder_laid_over_replaces_the_shipped_policy(folder: Path) -> None:
    change(folder / "qingdao-2023" / "policy.toml", 'reviewed_by = ""', 'reviewed_by = "某某"')

    loaded = load((SHIPPED, folder), Regions.shipped())

    assert len(loaded.policies) == 5
    assert loaded.refused == ()


def test_a_later_document_puts_the_repealed_one_out_of_force_from_its_first_day(
    tmp_path: Path,
) -> None:
    place = tmp_path / "hangzhou-2020"
    place.mkdir()
    (place / "source.txt").write_text("杭政办函〔2020〕11号\n一、目标\n支持创业。\n", encoding="utf-8")
    (place / "policy.toml").write_text(
        'id = "hangzhou-2020"\nregion = "330100"\nreviewed_by = ""\n'
        '[title]\nvalue = "前一轮行动计划"\nsupplied_by = "测试"\n'
        '[number]\nvalue = "杭政办函〔2020〕11号"\n',
        encoding="utf-8",
    )
    corpus = load((SHIPPED, tmp_path), Regions.shipped())
    earlier = corpus.policies["hangzhou-2020"]

    assert corpus.status(earlier, date(2023, 7, 4)) is ValidityStatus.UNSTATED
    assert corpus.status(earlier, date(2023, 7, 5)) is ValidityStatus.REPEALED
