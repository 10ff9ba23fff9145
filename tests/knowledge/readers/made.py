"""Documents in every format, made here: what real ones look like, without anybody's document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

NOTICE = """云州市人力资源和社会保障局 云州市财政局关于印发云州市就业见习补贴办法的通知
云人社规〔2024〕7号
各区县人力资源和社会保障局、财政局:
现将《云州市就业见习补贴办法》印发给你们,请认真贯彻执行。
云州市人力资源和社会保障局
云州市财政局
2024年3月15日
云州市就业见习补贴办法
第一章 总则
第一条 为促进高校毕业生就业,根据《云州省就业促进条例》,结合本市实际,制定本办法。
第二条 本办法适用于在本市行政区域内经认定的就业见习基地,以及参加见习的离校两年内未就业高校毕业生。
第二章 补贴标准
第三条 见习基地可以申请下列补贴:
(一)见习补贴,每人每月1500元,最长不超过12个月;
(二)留用补贴,每留用一人一次性给予3000元;
(三)指导管理费,每人每月200元。
第四条 见习基地应当为见习人员办理人身意外伤害保险。
第三章 附则
第五条 本办法自2024年5月1日起施行,有效期三年。《云州市就业见习管理办法》(云人社规〔2020〕3号)同时废止。"""


def pdf(pages: Sequence[Sequence[tuple[float, float, str]]], size: float = 16) -> bytes:
    """Return a PDF with text at (x, y from the top) in points; the font is one that every reader knows."""
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body if isinstance(body, bytes) else body.encode())
        return len(objects)

    catalog, tree = add(""), add("")
    info = add(
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0"
        "/Ascent 859/Descent -141/CapHeight 683/StemV 93>>"
    )
    inner = add(
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)"
        f"/Ordering(GB1)/Supplement 4>>/DW 1000/W[1[500] 814 939 500]/FontDescriptor {info} 0 R>>"
    )
    font = add(
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        f"/DescendantFonts[{inner} 0 R]>>"
    )
    kids = []
    for page in pages:
        drawn = "".join(
            f"BT /F1 {size} Tf {x} {842 - y - size} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for x, y, text in page
        ).encode()
        stream = add(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(
            add(
                f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 595 842]/Contents {stream} 0 R"
                f"/Resources<</Font<</F1 {font} 0 R>>>>>>"
            )
        )
    objects[catalog - 1] = f"<</Type/Catalog/Pages {tree} 0 R>>".encode()
    objects[tree - 1] = (
        f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{k} 0 R' for k in kids)}]>>".encode()
    )
    return _assembled(objects)


def _assembled(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return out.getvalue()


def set_on_pages(
    text: str, width: int = 28, rows: int = 22, head: str = "", left: float = 79, size: float = 16
) -> list[list[tuple[float, float, str]]]:
    """Return pages with hard line ends: paragraphs indented by two characters, titles in the middle."""
    lines: list[tuple[float, str]] = []
    for number, line in enumerate(text.split("\n")):
        if number == 0 or (len(line) < 16 and not line.endswith(("。", ":", ";"))):
            for start in range(0, len(line), 20):
                part = line[start : start + 20]
                lines.append((left + (width - len(part)) / 2 * size, part))
            continue
        first = width if line.endswith(":") else width - 2
        lines.append((left + (width - first) * size, line[:first]))
        lines += [(left, line[start : start + width]) for start in range(first, len(line), width)]
    pages = []
    for start in range(0, len(lines), rows):
        page = [(left, 30.0, head)] if head else []
        page += [(x, 80 + at * 30.0, part) for at, (x, part) in enumerate(lines[start : start + rows])]
        page.append((left + 190, 790.0, f"— {start // rows + 1} —"))
        pages.append(page)
    return pages


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(pages: Sequence[Sequence[tuple[float, float, str]]], size: float = 5.6) -> bytes:
    """Return an OFD with text at (x, y) in points, turned into millimetres."""
    parts = {
        "OFD.xml": f'<ofd:OFD {_OFD} Version="1.0"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>'
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_OFD}><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    for number, page in enumerate(pages):
        objects = "".join(
            f'<ofd:TextObject ID="{i}" Boundary="{x * 0.3528:.2f} {y * 0.3528:.2f} {len(t) * size} {size}" '
            f'Size="{size}"><ofd:TextCode X="0" Y="{size}" DeltaX="g {max(len(t) - 1, 1)} {size}">{t}'
            "</ofd:TextCode></ofd:TextObject>"
            for i, (x, y, t) in enumerate(page)
        )
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f"<ofd:Page {_OFD}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return packed(parts)


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def docx(*paragraphs: str, tables: Sequence[Sequence[Sequence[str]]] = ()) -> bytes:
    """Return a Word document of these paragraphs; `{table}` stands for the next table."""
    from docx import Document

    document = Document()
    left = list(tables)
    for paragraph in paragraphs:
        if paragraph == "{table}":
            grid = left.pop(0)
            table = document.add_table(len(grid), len(grid[0]))
            for at, row in enumerate(grid):
                for place, cell in enumerate(row):
                    table.cell(at, place).text = cell
        else:
            document.add_paragraph(paragraph)
    return saved(document)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def numbered_docx(levels: Sequence[tuple[str, str]], paragraphs: Sequence[tuple[int | None, str]]) -> bytes:
    """Return a Word document that numbers its paragraphs by itself.

    `levels` are (numFmt, lvlText), such as ("chineseCounting", "第%1条"); a paragraph names its level.
    """
    from docx import Document
    from docx.oxml import OxmlElement, parse_xml
    from docx.oxml.ns import nsdecls, qn

    document = Document()
    numbering = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (style, text) in enumerate(levels)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{inner}</w:abstractNum>')
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level, text in paragraphs:
        paragraph = document.add_paragraph(text)
        if level is not None:
            properties = OxmlElement("w:numPr")
            for name, value in (("w:ilvl", level), ("w:numId", 90)):
                child = OxmlElement(name)
                child.set(qn("w:val"), str(value))
                properties.append(child)
            paragraph._p.get_or_add_pPr().append(properties)
    return saved(document)
