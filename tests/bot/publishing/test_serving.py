"""A policy that is published while the advisor serves answers soon after, and no question fails meanwhile."""

from __future__ import annotations

import shutil
import threading
import time
from datetime import date, datetime
from pathlib import Path

import pytest

import app
from bot.advisor import Advisor
from bot.publishing.examine import Examined, examine
from bot.renewal import LiveAdvisor
from bot.types import AnswerStatus, Question
from knowledge.corpus import load
from knowledge.regions import Regions

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=app.CHINA)
NOTICE = """南京市人力资源和社会保障局关于发放见习补贴的通知
宁人社规〔2026〕3号
各区人力资源和社会保障局:
一、见习补贴
见习基地可以申请就业见习补贴,每人每月1510元,最长不超过12个月。
二、有效期
本通知自2026年3月1日起施行,有效期三年。
南京市人力资源和社会保障局
2026年2月10日
"""


@pytest.fixture
def settings(tmp_path: Path, advisor: Advisor, data_dir: Path) -> app.Settings:
    shutil.copytree(data_dir / "index", tmp_path / "data" / "index")
    return app.Settings(data_dir=tmp_path / "data")


def test_what_is_published_answers_while_serving(settings: app.Settings, tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE, encoding="utf-8")
    found = examine(path, Regions.shipped(), load((), Regions.shipped()))
    assert isinstance(found, Examined)
    asked = Question("南京就业见习补贴每月多少钱", date(2026, 6, 1))
    seen: list[str] = []
    over = threading.Event()

    def keep_asking(serving: LiveAdvisor) -> None:
        while not over.is_set():
            answer = serving.answer(Question("租房补贴能领几年", date(2024, 6, 1), "杭州"), NOW)
            seen.append(answer.citations[0].clause)

    with app.live(settings) as serving:
        assert serving.answer(asked, NOW).status is AnswerStatus.UNANSWERABLE_NO_CLAUSE
        beside = threading.Thread(target=keep_asking, args=(serving,))
        beside.start()
        try:
            policies = app.shelf(settings)
            drafted = policies.draft(found)
            assert serving.answer(asked, NOW).status is AnswerStatus.UNANSWERABLE_NO_CLAUSE
            policies.publish(drafted.policy_id, "王某", NOW)
            answer = serving.answer(asked, NOW)
            for _ in range(600):
                if answer.status is AnswerStatus.ANSWERED:
                    break
                time.sleep(0.1)
                answer = serving.answer(asked, NOW)
        finally:
            over.set()
            beside.join()

    assert "1510元" in answer.text
    assert [(c.policy, c.clause) for c in answer.citations] == [("nanjing-2026", "1")]
    assert answer.regions == ("南京市",)
    assert seen
    assert set(seen) == {"2.1.3"}
