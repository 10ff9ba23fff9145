"""A file is read by what it is, whatever it is called; what cannot be read is refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from knowledge.readers.content import read, sniffed
from knowledge.readers.received import Format, UnreadableFile
from tests.knowledge.readers.made import NOTICE, docx, numbered_docx, ofd, packed, pdf, saved, set_on_pages

LINES = NOTICE.split("\n")


def rows(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("|")]


# ── every format gives the same lines ────────────────────────────────────────────────────────


def page(body: str, head: str = "", beside: str = "") -> bytes:
    menu = "".join(f'<li><a href="/{n}">栏目{n}的链接文字</a></li>' for n in range(30))
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body><ul>{menu}</ul>{beside}"
        f'<div class="TRS_Editor">{body}</div><div>版权所有 云州市人民政府 备案号12345</div></body></html>'
    ).encode()


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (NOTICE.encode(), Format.TEXT),
        (b"\xef\xbb\xbf" + NOTICE.encode(), Format.TEXT),
        (NOTICE.replace("\n", "\r\n").encode("gb18030"), Format.TEXT),
        (NOTICE.encode("utf-16"), Format.TEXT),
        (docx(*LINES), Format.DOCX),
        (page("".join(f"<p>{line}</p>" for line in LINES)), Format.HTML),
        (page("<br>".join(f"　　{line}" for line in LINES)), Format.HTML),
        (page("".join(f"<p><span>{line[:5]}</span><b>{line[5:]}</b></p>\n" for line in LINES)), Format.HTML),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "docx", "html-p", "html-br", "html-spans"],
)
def test_a_notice_has_the_same_lines_in_every_format(content: bytes, form: Format) -> None:
    received = read(content)

    assert received.format is form
    assert [line for line in received.text.split("\n") if line] == LINES


@pytest.mark.parametrize("make", [pdf, ofd])
def test_hard_line_ends_running_heads_and_page_numbers_go(make: object) -> None:
    pages = set_on_pages(NOTICE, head="云州市人民政府公报 2024年第5期")
    text = read(make(pages)).text  # type: ignore[operator]

    assert text.split("\n") == [LINES[0][:20], LINES[0][20:], *LINES[1:]]  # the title stands on two lines


def test_traditional_text_in_big5_is_read() -> None:
    text = "關於就業補貼標準的通知\n一、申請人應當為本市居民,每月補貼標準為五千元。\n二、自印發之日起施行。"

    assert read(text.encode("big5")).text == text


def test_a_text_that_was_broken_at_a_fixed_width_is_joined_again() -> None:
    paragraphs = [
        "第一条 为促进高校毕业生就业,结合本市实际,制定本办法,由市人力资源和社会保障局组织实施。",
        "第二条 见习基地应当为见习人员办理人身意外伤害保险,所需费用由市财政局的就业补助资金列支。",
    ] * 4
    broken = "\n".join(p[i : i + 30] for p in paragraphs for i in range(0, len(p), 30))

    assert read(broken.encode()).text.split("\n") == paragraphs
    assert read("\n".join(paragraphs[:2]).encode()).text.split("\n") == paragraphs[:2]


def test_a_name_proves_nothing(tmp_path: Path) -> None:
    wrong = tmp_path / "通知.pdf"
    wrong.write_bytes(docx(*LINES))

    assert read(wrong.read_bytes()).format is Format.DOCX


# ── web pages ────────────────────────────────────────────────────────────────────────────────


def test_what_is_hidden_on_a_page_is_not_read() -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    hidden = (
        '<div style="display: none"><p>隐藏的旧标准,9999元。</p></div><div class=old>同样隐藏,8888元。</div>'
    )
    text = read(page(hidden + body, "<style>.old{display:none}</style>")).text

    assert "9999" not in text
    assert "8888" not in text
    assert "1500元" in text


def test_a_page_tells_number_and_days_beside_the_text() -> None:
    beside = (
        "<table><tr><td>索 引 号：</td><td>X-1</td><td>发文机关：</td><td>云州市民政局</td></tr>"
        "<tr><td>文　　号：</td><td>云民规〔2023〕4号</td><td>失效日期：</td><td>2028-05-31</td></tr></table>"
    )
    head = '<meta name="ArticleTitle" content="关于养老服务的通知"><meta name="PubDate" content="2023-06-01">'
    text = read(page("".join(f"<p>{line}</p>" for line in LINES[2:]), head, beside)).text.split("\n")

    assert "标题:关于养老服务的通知" in text
    assert "发布日期:2023-06-01" in text
    assert "文号:云民规〔2023〕4号" in text
    assert "失效日期:2028-05-31" in text
    assert not [line for line in text if "栏目3的链接" in line or "版权所有" in line]


def test_a_numbered_list_keeps_its_numbers() -> None:
    body = (
        f"<p>{LINES[5]}</p><p>提交下列材料,按顺序装订,一式两份:</p><ol><li>申请表;</li><li>身份证;</li></ol>"
    )

    assert read(page(body)).text.split("\n")[-2:] == ["1.申请表;", "2.身份证;"]


# ── tables ───────────────────────────────────────────────────────────────────────────────────

GRID = [
    ["人员类别", "一类区", "二类区", "备注"],
    ["博士", "5000元", "5000元", ""],
    ["硕士", "4000元", "", "限本市"],
]
WANTED = [
    "| 人员类别 | 一类区 | 二类区 | 备注 |",
    "| 人员类别:博士 | 一类区:5000元 | 二类区:5000元 | 备注: |",
    "| 人员类别:硕士 | 一类区:4000元 | 二类区: | 备注:限本市 |",
]


def html_table(grid: list[list[str]]) -> str:
    return (
        "<table>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in grid) + "</table>"
    )


@pytest.mark.parametrize(
    "content",
    [
        docx(*LINES[:6], "{table}", *LINES[6:], tables=[GRID]),
        page("".join(f"<p>{line}</p>" for line in LINES[:12]) + html_table(GRID)),
        ("\n".join(LINES[:9]) + "\n" + "\n".join("\t".join(row) for row in GRID)).encode(),
        ("\n".join(LINES[:9]) + "\n" + "\n".join(f"|{'|'.join(row)}|" for row in GRID)).encode(),
    ],
    ids=["docx", "html", "tabs", "pipes"],
)
def test_equal_neighbours_and_blank_cells_keep_their_columns(content: bytes) -> None:
    assert rows(read(content).text) == WANTED


def test_a_merged_cell_stands_in_each_row_that_it_covers() -> None:
    table = (
        "<table><tr><th rowspan=2>对象</th><th colspan=2>标准</th></tr><tr><th>城区</th><th>郊区</th></tr>"
        "<tr><td rowspan=2>本科</td><td>1000元</td><td>800元</td></tr>"
        "<tr><td colspan=2>另加100元</td></tr></table>"
    )

    assert rows(read(page(f"<p>{LINES[7]}</p>" + table)).text) == [
        "| 对象 | 标准·城区 | 标准·郊区 |",
        "| 对象:本科 | 标准·城区:1000元 | 标准·郊区:800元 |",
        "| 对象:本科 | 标准·城区:另加100元 | 标准·郊区:另加100元 |",
    ]


def test_merged_cells_of_word_are_read_the_same() -> None:
    document = Document()
    document.add_paragraph(LINES[7])
    table = document.add_table(3, 2)
    for at, text in enumerate(["对象", "标准", "本科", "1000元", "", "800元"]):
        table.cell(at // 2, at % 2).text = text
    table.cell(1, 0).merge(table.cell(2, 0))

    assert rows(read(saved(document)).text)[1:] == [
        "| 对象:本科 | 标准:1000元 |",
        "| 对象:本科 | 标准:800元 |",
    ]


@pytest.mark.parametrize("make", [pdf, ofd])
def test_columns_that_are_only_set_with_space_are_a_table(make: object) -> None:
    places = (79, 279, 419)
    set_ = [
        (x, 80.0 + 30 * at, c)
        for at, row in enumerate(GRID)
        for x, c in zip(places, row[:3], strict=False)
        if c
    ]
    text = read(make([[*set_, (79, 200.0, "上述标准自下月起执行,由各区县发放到个人账户。")]])).text  # type: ignore[operator]

    assert rows(text) == [
        "| 人员类别 | 一类区 | 二类区 |",
        "| 人员类别:博士 | 一类区:5000元 | 二类区:5000元 |",
        "| 人员类别:硕士 | 一类区:4000元 | 二类区: |",
    ]


# ── what Word counts ─────────────────────────────────────────────────────────────────────────


def test_numbers_that_word_counts_are_in_the_lines() -> None:
    levels = [("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3.")]
    content = numbered_docx(
        levels,
        [
            (None, "云州市见习补贴通知"),
            (0, "标准"),
            (1, "甲类"),
            (1, "乙类"),
            (2, "子"),
            (2, "丑"),
            (0, "程序"),
            (1, "申请"),
        ],
    )

    assert read(content).text.split("\n")[1:] == [
        "一、标准", "（一）甲类", "（二）乙类", "1.子", "2.丑", "二、程序", "（一）申请",
    ]  # fmt: skip


# ── what is refused ──────────────────────────────────────────────────────────────────────────

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "problem", "hint"),
    [
        (b"", "空", "下载"),
        (OLE + "WordDocument".encode("utf-16-le"), ".doc", "另存为 .docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码", "去掉密码"),
        (OLE + "Workbook".encode("utf-16-le"), "Excel", "docx"),
        (b"PK\x03\x04" + bytes(100), "不完整", "下载"),
        (docx(*LINES)[:3000], "不完整", "下载"),
        (pdf(set_on_pages(NOTICE))[:200], "PDF 不完整", "下载"),
        (packed({"a.txt": "x"}), "压缩包", "解压"),
        (packed({"xl/workbook.xml": "x"}), "Excel", "docx"),
        (packed({"word/document.xml": b"<a>" + bytes(80 * 2**20)}), "太大", "核对"),
        (packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "DTD", "另存"),
        (packed({"word/document.xml": "<a>"}), "XML", "下载"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "图片", "requirements-ocr.txt"),
        (pdf([[]]), "扫描件", "requirements-ocr.txt"),
        (b"\x00\x01\x02" * 100, "不是文字", "UTF-8"),
        (
            "<html><body><h1>404 Not Found</h1><p>您访问的页面不存在</p></body></html>".encode(),
            "出错的网页",
            "重新打开",
        ),
        ("<html><body>系统繁忙,请稍后再试</body></html>".encode(), "出错的网页", "重新打开"),
        (
            "<html><body><p>请登录后查看</p>用户名<input>密码<input></body></html>".encode(),
            "出错的网页",
            "保存",
        ),
        ("<html><body><p>文件正在加载中,请稍候</p></body></html>".encode(), "出错的网页", "保存"),
        ("<html><body><p>云州市关于就业工作的通知</p></body></html>".encode(), "没有正文", "保存"),
        (b"hello world, this is no policy", "汉字", "核对"),
        (b"{\\rtf1 abc}", "RTF", "docx"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content: bytes, problem: str, hint: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(content)

    assert problem in refused.value.problem
    assert hint in refused.value.hint


def test_a_path_that_climbs_out_of_an_archive_leads_nowhere() -> None:
    parts = {
        "OFD.xml": "<OFD><DocBody><DocRoot>../../../../etc/passwd</DocRoot></DocBody></OFD>",
    }
    with pytest.raises(UnreadableFile, match="etc/passwd"):
        read(packed(parts))


def test_an_archive_is_told_by_its_parts() -> None:
    assert sniffed(ofd(set_on_pages(NOTICE))) is Format.OFD


def test_a_short_headline_is_the_title_where_the_tab_begins_with_it() -> None:
    head = "<html><head><title>{}</title></head><body><h1>入户办事指南</h1>"
    page = head + "<div class=article-content>{}</div></body></html>"
    text = "<p>一、条件</p><p>年龄不超过45周岁,参保满1年。</p>"

    assert "标题:入户办事指南" in read(page.format("入户办事指南 - 云州", text).encode()).text
    assert "标题:" not in read(page.format("云州市政府", text).encode()).text


def test_signs_between_links_do_not_make_a_menu_a_text() -> None:
    menu = "<p><a>首页</a>|<a>新闻</a>|<a>公开</a></p>"
    page = f"<html><body>{menu}<p>第一条 为发展养老,制定本办法。</p></body></html>"

    assert read(page.encode()).text.strip() == "第一条 为发展养老,制定本办法。"


def test_pairs_of_label_and_value_may_share_a_line() -> None:
    told = "<h1>关于就业工作的通知</h1><p>发布时间：2024-03-20 文号：云人社规〔2024〕5号 来源：本网</p>"
    text = "<div class=article-content><p>一、条件。</p><p>参保满1年，可以申请。</p></div>"
    page = f"<html><body>{told}{text}</body></html>"

    assert {"发布时间:2024-03-20", "文号:云人社规〔2024〕5号"} <= set(read(page.encode()).text.split("\n"))
