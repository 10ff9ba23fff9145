"""A clause falls into statements that are verbatim, each with the benefit it speaks about."""

from __future__ import annotations

import pytest

from knowledge.corpus import SHIPPED, Corpus, citable, load
from knowledge.regions import Regions
from knowledge.statements import read


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load((SHIPPED,), Regions.shipped())


def test_every_statement_is_a_verbatim_run_of_its_document(corpus: Corpus) -> None:
    for policy in corpus.policies.values():
        for clause in citable(policy):
            for statement in read(clause).statements:
                passage = statement.passage
                assert policy.text[passage.start : passage.end] == passage.text
                assert clause.start <= passage.start < passage.end <= clause.end


def test_no_figure_of_a_clause_is_lost_between_its_statements(corpus: Corpus) -> None:
    clause = corpus.clause("hangzhou-2023#2.1.3")
    said = "".join(statement.passage.text for statement in read(clause).statements)

    for figure in ("1万元", "3万元", "10万元", "50%", "满6个月", "满12个月", "3年", "每户每年发放1万元"):
        assert figure in said


def test_a_statement_without_a_benefit_speaks_about_the_one_before_it(corpus: Corpus) -> None:
    clause = corpus.clause("hangzhou-2023#2.1.3")

    (instalments,) = [s for s in read(clause).statements if "连续参保满6个月" in s.passage.text]

    assert instalments.benefits == ("生活补贴",)


@pytest.mark.parametrize(
    ("full_id", "departments"),
    [
        ("hangzhou-2023#2.1.4", "市公安局、市委人才办、市人力社保局"),
        ("hangzhou-2023#2.3.15", "市科技局"),
        ("shanghai-2023#2.9", "市人力资源社会保障局、市财政局"),
        ("qingdao-2023#2.9", "市人力资源社会保障局、市财政局等"),
    ],
)
def test_the_closing_brackets_name_the_departments(corpus: Corpus, full_id: str, departments: str) -> None:
    found = read(corpus.clause(full_id)).departments

    assert found is not None
    assert found.text == departments


def test_closing_brackets_that_name_no_department_are_text(corpus: Corpus) -> None:
    assert read(corpus.clause("jiaxing-2013#3.3.2")).departments is None
