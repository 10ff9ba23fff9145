"""A reply's Markdown as HTML: four things, and every other sign stays what it is."""

from __future__ import annotations

import re

import pytest

from bot.channels.markup import to_html


def test_strong_words_end_before_a_chinese_character() -> None:
    assert to_html("最多**20000元(2万元)**是上限") == "<p>最多<strong>20000元(2万元)</strong>是上限</p>"


def test_paragraphs_lists_and_lines() -> None:
    made = to_html("先看这几项\n- 租房\n- **生活**\n\n依据:甲\n乙")

    assert made == "<p>先看这几项</p><ul><li>租房</li><li><strong>生活</strong></li></ul><p>依据:甲<br>乙</p>"


def test_a_table_names_its_columns_in_every_cell() -> None:
    made = to_html("| 地方 | 怎么写 |\n|---|---|\n| 杭州市 | **1万元** |")

    assert '<th scope="col">地方</th>' in made
    assert '<td data-th="怎么写"><strong>1万元</strong></td>' in made


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[点我](javascript:alert(1))",
        "![x](http://x.example/a.png)",
        "**没有结束",
        '| <img src=x onerror=alert(1)> | b |\n|---|---|\n| "><svg onload=alert(1)> | c |',
        "- <a href='x'>链接</a>",
        "`代码` &amp; <b>粗</b> $$x$$ # 标题",
    ],
)
def test_whatever_else_is_written_stays_words(text: str) -> None:
    tags = set(re.findall(r"<\s*/?(\w+)", to_html(text)))

    assert tags <= {"p", "br", "strong", "ul", "li", "div", "table", "tr", "th", "td"}
