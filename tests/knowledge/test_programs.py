"""The program files hold what the documents say, and a file that does not is refused by name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge import corpus
from knowledge.facts import Facts
from knowledge.programs import (
    EXCLUSIONS,
    Dated,
    Kind,
    Programs,
    Status,
    exclusions,
    load,
    main,
    numbers_in,
    numerals_of,
    report,
    uncovered,
)
from knowledge.regions import Regions

POLICIES = corpus.load([corpus.SHIPPED], Regions.shipped()).policies
SHIPPED = load(POLICIES, [corpus.SHIPPED])
PROGRAMS = list(SHIPPED.programs.values())
JOBS = "2.3.17-jobs.toml"


def test_nothing_that_ships_is_refused() -> None:
    assert SHIPPED.refused == ()
    files = [p for p in corpus.SHIPPED.glob("*/programs/*.toml") if p.name != EXCLUSIONS]
    assert len(PROGRAMS) == len(files) == 61


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.id)
def test_every_quote_is_verbatim_and_every_value_stands_in_its_quote(program) -> None:  # type: ignore[no-untyped-def]
    text = POLICIES[program.policy_id].text
    assert program.quote in text
    for parameter in program.parameters.values():
        for dated in parameter.values:
            assert dated.quote in text
            assert _stands(dated), (parameter.name, dated)
    for part in (*program.conditions, *program.unverified):
        assert part.quote is None or part.quote in text


def _stands(dated: Dated) -> bool:
    if isinstance(dated.value, date):
        return f"{dated.value.year}年{dated.value.month}月{dated.value.day}日" in dated.quote
    return Decimal(dated.value) in numbers_in(dated.quote)


@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_figure_of_a_document_is_used_or_excluded_with_a_reason(policy_id: str) -> None:
    own = [program for program in PROGRAMS if program.policy_id == policy_id]
    excluded = exclusions(corpus.SHIPPED / policy_id / "programs" / EXCLUSIONS)
    assert [n.text for n in uncovered(POLICIES[policy_id], own, excluded)] == []
    assert all(item.words in POLICIES[policy_id].text and item.reason for item in excluded)


def test_how_many_figures_the_documents_have() -> None:
    counts = {policy_id: len(numerals_of(policy)) for policy_id, policy in POLICIES.items()}
    assert counts == {
        "hangzhou-2023": 122,
        "jiaxing-2013": 39,
        "jinan-2022": 64,
        "qingdao-2023": 20,
        "shanghai-2023": 14,
    }


def test_a_figure_that_no_program_uses_is_found() -> None:
    own = [p for p in PROGRAMS if p.id != "hangzhou-2023 2.1.6:stay" and p.policy_id == "hangzhou-2023"]
    excluded = exclusions(corpus.SHIPPED / "hangzhou-2023" / "programs" / EXCLUSIONS)
    assert [n.text for n in uncovered(POLICIES["hangzhou-2023"], own, excluded)] == ["40万"]


def test_every_fact_that_a_program_reads_has_a_question() -> None:
    for program in PROGRAMS:
        for name in program.reads:
            assert Facts.shipped()[name].question


def test_everything_is_published_and_waits_for_a_signature() -> None:
    assert {program.status for program in PROGRAMS} == {Status.PUBLISHED}
    assert {program.reviewed_by for program in PROGRAMS} == {""}


def test_figures_of_a_document_with_a_validity_end_with_it() -> None:
    for program in PROGRAMS:
        policy = POLICIES[program.policy_id]
        for parameter in program.parameters.values():
            for dated in parameter.values:
                assert dated.since == (policy.valid_from or policy.issued_on)
                assert dated.until == policy.valid_to


def test_a_period_holds_on_its_first_and_its_last_day() -> None:
    dated = SHIPPED.programs["hangzhou-2023 2.3.17:jobs"].parameters["base"].values[0]
    days = [date(2023, 7, 4), date(2023, 7, 5), date(2025, 12, 31), date(2026, 1, 1)]
    assert [dated.holds(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("每年补贴总额不超过2万元", ["20000"]),
        ("给予20万—500万元资助", ["200000", "5000000"]),
        ("毕业两年内", ["2"]),
        ("按1:1比例", ["1", "1"]),
        ("培育1.5万名左右", ["15000"]),
        ("零成本、半天办结", ["0", "0.5"]),
        ("达到1∶10以上", ["1", "10"]),
        ("没有数", []),
    ],
)
def test_numbers_are_read_as_written(text: str, values: list[str]) -> None:
    assert numbers_in(text) == {Decimal(value) for value in values}


# ── what is refused ──────────────────────────────────────────────────────────────────────────

Edit = Callable[[str], str]


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[Edit], Programs]:
    """Load a copy of the Hangzhou programs in which one file was edited."""

    def edit(change: Edit, name: str = JOBS) -> Programs:
        folder = tmp_path / "hangzhou-2023" / "programs"
        folder.mkdir(parents=True, exist_ok=True)
        source = corpus.SHIPPED / "hangzhou-2023" / "programs" / JOBS
        (folder / name).write_text(change(source.read_text(encoding="utf-8")), encoding="utf-8")
        return load(POLICIES, [tmp_path])

    return edit


def _swap(old: str, new: str) -> Edit:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "key", "problem"),
    [
        (_swap('paid = "每年"', 'payed = "每年"'), "payed", "不认识这一项"),
        (_swap('title = "创业带动就业补贴"\n', ""), "title", "缺少这一项"),
        (_swap("value = 2000", "value = 2000.5"), "param.base", "不能写小数"),
        (_swap("value = 2000", "value = 2001"), "param.base.value", "2001 不是引文"),
        (_swap("value = 2000", "value = true"), "param.base", ""),
        (_swap('quote = "每年补贴总额不超过2万元"\n', ""), "param", "缺少这一项"),
        (
            _swap('quote = "每年补贴总额不超过2万元"', 'quote = "每年补贴总额不超过2万元整"'),
            "param.yearly_cap.quote",
            "原文里没有",
        ),
        (
            _swap('quote = "每年补贴总额不超过2万元"', 'quote = "给予40万元补助"'),
            "param.yearly_cap.quote",
            "不在条款",
        ),
        (_swap("to = 2025-12-31\n", ""), "param.grad_years.to", "缺少止日"),
        (_swap("to = 2025-12-31", "to = 2022-12-31"), "param.grad_years.to", "早于起日"),
        (_swap('le = "max_years"', 'le = "most_years"'), "condition.max_3_years", "没有参数“most_years”"),
        (_swap('fact = "heads"', 'fact = "hands"'), "fact", "事实字典里没有“hands”"),
        (_swap('is = "enrolled"', 'is = "studying"'), "condition.participant", "没有选项“studying”"),
        (_swap('ge = "min_heads"', "ge = 3"), "condition", "应为带引号的文字"),
        (_swap('kind = "exact"', 'kind = "precise"'), "kind", ""),
        (_swap('kind = "exact"', 'kind = "none"'), "kind", "不能写在文件里"),
        (_swap('id = "hangzhou-2023 ', 'id = "qingdao-2023 '), "id", "应与所在文件夹"),
        (_swap("2.3.17:jobs", "2.3.17:job"), "id", "文件名应为"),
        (_swap("2.3.17:jobs", "2.3.99:jobs"), "id", ""),
        (_swap('audience = ["创业"]', 'audience = ["老板"]'), "audience", "格式不对"),
        (_swap('clause = "3.32"', 'clause = "3.99"'), "condition.not_discredited.clause", "没有条款“3.99”"),
        (_swap('"jobs_yearly"', '"jobs_weekly"'), "amount.formula", "没有算法“jobs_weekly”"),
        (_swap('max_years = "max_years" }', 'max_month = "max_years" }'), "amount.params", "缺少“max_years”"),
        (_swap('base = "base",', 'base = "base", bonus = "base",'), "amount.params", "用不到“bonus”"),
        (_swap("[amount]", '[amount]\nparts = { a = "base" }'), "amount.parts", "用不到"),
        (_swap('title = "', "title = "), JOBS, "不是正确的 TOML"),
        (lambda text: text + "\n[amount]\n", JOBS, "不是正确的 TOML"),
    ],
)
def test_a_mistake_is_refused_by_file_and_key(
    edited: Callable[[Edit], Programs], change: Edit, key: str, problem: str
) -> None:
    programs = edited(change)
    assert programs.programs == {}
    (refusal,) = programs.refused
    assert refusal.path.name == JOBS
    assert refusal.key.startswith(key)
    assert problem in refusal.problem


def _another_block(since: str, until: str) -> str:
    quote = "每年补贴总额不超过2万元"
    head = '\n[[param.yearly_cap]]\nvalue = 20000\nunit = "元/年"\n'
    return f'{head}from = {since}\nto = {until}\nquote = "{quote}"\n'


def test_periods_that_overlap_by_one_day_are_refused(edited: Callable[[Edit], Programs]) -> None:
    (refusal,) = edited(lambda text: text + _another_block("2025-12-31", "2026-12-31")).refused
    assert refusal.key == "param.yearly_cap"
    assert "起止日重叠" in refusal.problem


def test_a_new_block_from_the_next_day_is_taken_and_the_old_one_stays(
    edited: Callable[[Edit], Programs],
) -> None:
    programs = edited(lambda text: text + _another_block("2026-01-01", "2026-12-31"))
    assert programs.refused == ()
    (program,) = programs.programs.values()
    parameter = program.parameters["yearly_cap"]
    assert [dated.since.year for dated in parameter.values] == [2023, 2026]
    last, first = parameter.at(date(2025, 12, 31)), parameter.at(date(2026, 1, 1))
    assert last is parameter.values[0]
    assert first is parameter.values[1]


def test_a_draft_is_loaded_but_not_published(edited: Callable[[Edit], Programs]) -> None:
    programs = edited(_swap('status = "published"', 'status = "draft"'))
    assert len(programs.programs) == 1
    assert programs.published(["hangzhou-2023"]) == ()


def test_a_later_folder_replaces_a_program_of_the_same_id(tmp_path: Path) -> None:
    folder = tmp_path / "hangzhou-2023" / "programs"
    folder.mkdir(parents=True)
    text = (corpus.SHIPPED / "hangzhou-2023" / "programs" / JOBS).read_text(encoding="utf-8")
    (folder / JOBS).write_text(_swap("创业带动就业补贴", "带动就业补贴")(text), encoding="utf-8")
    programs = load(POLICIES, [corpus.SHIPPED, tmp_path])
    assert programs.programs["hangzhou-2023 2.3.17:jobs"].title == "带动就业补贴"
    assert len(programs.programs) == len(PROGRAMS)


# ── the report for staff ─────────────────────────────────────────────────────────────────────


def test_the_shipped_policies_pass_the_check() -> None:
    wrong, remarks = report([corpus.SHIPPED], date(2025, 11, 15))
    assert wrong == []
    assert any("还有46天" in line for line in remarks)
    assert any("61个项目还没有人核对" in line for line in remarks)


def test_the_check_says_what_is_wrong_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(corpus.SHIPPED / "shanghai-2023", tmp_path / "shanghai-2023")
    (tmp_path / "shanghai-2023" / "programs" / "1-targets.toml").unlink()
    assert main([str(tmp_path)]) == 1
    written = capsys.readouterr().out
    assert "错误 shanghai-2023:条款1的“1万”没有项目用到" in written
    assert "检查未通过" in written


def test_the_block_that_the_guide_shows_is_the_one_in_the_file() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "adding-a-figure.md").read_text(encoding="utf-8")
    block = guide.partition("```toml\n")[2].partition("```")[0]
    assert block in (corpus.SHIPPED / "hangzhou-2023" / "programs" / JOBS).read_text(encoding="utf-8")
    assert f"knowledge/policies/hangzhou-2023/programs/{JOBS}" in guide


def test_kinds_are_those_of_the_contract() -> None:
    assert {kind.value for kind in Kind} == {
        "exact", "cap", "range", "none", "not_in_text", "eligibility_only", "target", "date",
        "minimum", "gate", "service_standard",
    }  # fmt: skip
