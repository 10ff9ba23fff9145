"""The retriever is langchain's, and its filters are hard."""

from __future__ import annotations

import pytest
from langchain_core.retrievers import BaseRetriever

from bot.advisor import Advisor
from embeddings.search import scored


def test_the_advisor_asks_a_langchain_retriever(advisor: Advisor) -> None:
    assert isinstance(advisor.settler.retriever, BaseRetriever)


@pytest.mark.parametrize(
    ("region", "policy", "question", "clause"),
    [
        ("330100", "hangzhou-2023", "博士后出站留下来补多少", "2.1.6"),
        ("370200", "qingdao-2023", "跑外卖的意外险", "2.9"),
        ("330400", "jiaxing-2013", "新建大学生创业园多少家", "3.3.2"),
        ("310000", "shanghai-2023", "灵活就业社保补贴", "2.9"),
        ("370100", "jinan-2022", "开公司几天办完", "2.3.9"),
    ],
)
def test_the_clause_that_speaks_of_it_comes_first(
    advisor: Advisor, region: str, policy: str, question: str, clause: str
) -> None:
    found = advisor.settler.retriever.invoke(question, regions=(region,), policies=(policy,))

    assert found[0].id == f"{policy}#{clause}"
    assert found[0].page_content == advisor.corpus.clause(f"{policy}#{clause}").text


def test_however_similar_another_citys_clause_is_not_found(advisor: Advisor) -> None:
    everything = tuple(advisor.corpus.policies)

    found = advisor.settler.retriever.invoke(
        "租房补贴每户每年发放1万元", regions=("370100",), policies=everything, k=50
    )

    assert found
    assert {str(document.id).partition("#")[0] for document in found} == {"jinan-2022"}


def test_a_policy_left_out_is_not_found(advisor: Advisor) -> None:
    assert advisor.settler.retriever.invoke("租房补贴", regions=("330100",), policies=("qingdao-2023",)) == []


def test_scores_fall_and_are_never_negative(advisor: Advisor) -> None:
    documents = advisor.settler.retriever.invoke("租房补贴", regions=("330100",), policies=("hangzhou-2023",))
    scores = [found.score for found in scored(advisor.corpus, documents)]

    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0
