"""Masking (脱敏): what identifies a person leaves a message before it is stored, logged or searched.

Numbers are recognised by their own shape wherever that is strong enough (GB 11643 identity numbers,
GB 32100 credit codes, Luhn), by the word before them where it is not. Names and addresses need a
word before them; of an address the region stays, because it decides which policy holds.
A run of eleven digits or more that nothing explains is masked too: nobody asks about ten billion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knowledge.normalize import normalize


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and what kinds of it were there."""

    text: str
    kinds: tuple[str, ...]  # "手机号", "姓名", …: each once, in order of appearance


def mask(text: str) -> Masked:
    """Return `text` with each piece of personal data replaced by its kind: 13800138000 → [手机号].

    Everything else stays as it was written, character for character. Masking twice changes nothing.
    """
    kinds: dict[str, None] = {}
    while found := _find(text):
        for _, _, kind in found:
            kinds[kind] = None
        for start, end, kind in reversed(found):
            text = f"{text[:start]}[{kind}]{text[end:]}"
    return Masked(text, tuple(kinds))


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one kind of personal data looks like; the group `value`, if there is one, is the data."""

    kind: str
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool] = bool  # the last word, on the letters and digits found


_Found = tuple[int, int, str]  # start, end, kind


def _find(text: str) -> list[_Found]:
    """Return the personal data in `text`, in order, with offsets into `text`."""
    source = normalize(text)
    view = source.text
    found: list[_Found] = []
    # Spelled-out digits come second: in 方案一13800138000 the 一 is no part of the number.
    for rules, table in ((_NUMBERS, {}), (_NUMBERS, _SPELLED_OUT), (_WORDS, {})):
        for rule in rules:
            for start, end in _matches(rule, view.translate(table)):
                view = f"{view[:start]}[{']' * (end - start - 1)}{view[end:]}"
                found.append((*source.source_span(start, end), rule.kind))
    return sorted(found)


def _matches(rule: _Rule, view: str) -> Iterator[tuple[int, int]]:
    group = "value" if "value" in rule.pattern.groupindex else 0
    for match in rule.pattern.finditer(view):
        if rule.accepts(re.sub(r"[^0-9A-Za-z\u3400-\u9fff]", "", match[group])):
            yield match.span(group)


def _identity_checks(number: str) -> bool:
    """Whether the last character is the check character of GB 11643-1999."""
    weighted = sum(int(digit) * 2 ** (17 - i) for i, digit in enumerate(number[:17]))
    return "10X98765432"[weighted % 11] == (number + "X")[17].upper()  # an × was dropped


_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _credit_code_checks(code: str) -> bool:
    """Whether a code has a letter, or else the check character of GB 32100-2015."""
    if not code.isdecimal():
        return True
    weighted = sum(int(char) * pow(3, i, 31) for i, char in enumerate(code[:17]))
    return _CREDIT_ALPHABET[-weighted % 31] == code[17]


def _is_card(number: str) -> bool:
    """Whether it is a UnionPay number (62…) or passes Luhn (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + i % 2) for i, digit in enumerate(reversed(number)))
    return number.startswith("62") or sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _is_plate(plate: str) -> bool:
    """Whether at least three of its characters are digits, as on every plate (GA 36-2018)."""
    return sum(char.isdecimal() for char in plate) >= 3


_SPELLED_OUT = {
    ord(char): str(digit)
    for digit, chars in enumerate(
        ("零〇", "一壹幺", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for char in chars
} | {ord(char): str(digit) for digit, char in enumerate("⓪①②③④⑤⑥⑦⑧⑨")}

# In these patterns:
_H = r"\u3400-\u9fff"  # a Chinese character, inside []
_S = r"[ .\-·_\u2010-\u2015\u2212\u20e3]{0,3}"  # what may stand between two digits
_G = r"[ .\-·_\u2010-\u2015\u2212]{1,3}"  # what stands between two groups of digits
_IS = r"(?:号码|号|是|为|叫|在|:|=|\s){0,4}"  # what stands between the word and the number
_FROM, _TO = r"(?<![0-9])", r"(?![0-9])"
_NOT_YUAN = r"(?!\s?[万亿]?元(?![旦宵月]))"  # 15000000000元 is money

_PROVINCE = (
    f"(?:1{_S}[1-5]|2{_S}[1-3]|3{_S}[1-7]|4{_S}[1-6]|5{_S}[0-4]|6{_S}[1-5]|7{_S}1|8{_S}[1-3]|9{_S}[01])"
)
_MONTH = f"(?:0{_S}[1-9]|1{_S}[0-2])"
_DAY = f"(?:0{_S}[1-9]|[12]{_S}[0-9]|3{_S}[01])"
_REGION_CODE = f"{_PROVINCE}(?:{_S}[0-9]){{4}}{_S}"
_BIRTHDAY = f"{_MONTH}{_S}{_DAY}{_S}"
_IDENTITY_18 = (
    f"{_FROM}{_REGION_CODE}(?:1{_S}[89]|2{_S}0)(?:{_S}[0-9]){{2}}{_S}{_BIRTHDAY}"
    f"(?:[0-9]{_S}){{3}}(?:[Xx×]|[0-9]{_TO})"
)
_IDENTITY_15 = f"{_FROM}{_REGION_CODE}[0-9]{_S}[0-9]{_S}{_BIRTHDAY}[0-9]{_S}[0-9]{_S}[0-9]{_TO}"

_CARD_IN_FOURS = f"{_FROM}[3-69][0-9]{{3}}(?:{_G}[0-9]{{4}}){{3}}"
_MOBILE = "|".join(
    (
        r"1\u20e3?[3-9](?:\u20e3?[0-9]){9}\u20e3?",  # 1️⃣3️⃣8️⃣: a digit and U+20E3
        f"1[3-9][0-9]{_G}[0-9]{{4}}{_G}[0-9]{{4}}",
        f"1[3-9][0-9]{_G}[0-9]{{8}}",
        f"1[3-9][0-9]{{5}}{_G}[0-9]{{4}}",
        f"1[3-9][0-9]{{2}}{_G}[0-9]{{3}}{_G}[0-9]{{4}}",
        f"1[3-9][0-9]{_G}[0-9]{{3}}{_G}[0-9]{{5}}",
        f"1{_G}[3-9](?:{_G}[0-9]){{9}}",
    )
)
_CREDIT_CODE = "(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])"
_AREA_CODE = rf"(?:\(?0|\(?(?:\+|00)86\)?{_S})(?:10|2[0-9]|[3-9][0-9]{{2}})\)?"
_LANDLINE = f"[2-8][0-9]{{2,3}}{_S}[0-9]{{4}}"
_EXTENSION = r"(?:[\-转][0-9]{1,5})?"
_TRAVEL_DOCUMENT = r"(?:护照|通行证|回乡证|台胞证|居留证|居住证)"
_INSURANCE = "(?:(?:社保|医保|社会保障|社会保险|公积金)卡?的?(?:个人|[卡编账])?号码?|个人编号|电脑号)"

_WECHAT = r"(?:微信|薇信|(?<![A-Za-z])(?i:wechat|weixin|vx|wx))"

_NUMBERS = (
    _Rule(
        "邮箱",
        re.compile(r"[A-Za-z0-9._%+\-]{1,64} ?@ ?[A-Za-z0-9\-]{1,63}(?:[.。][A-Za-z0-9\-]{1,63}){1,4}"),
    ),
    _Rule("身份证号", re.compile(_IDENTITY_18)),
    _Rule("身份证号", re.compile(f"{_FROM}[0-9]{{17}}(?:[Xx×]|[0-9]{_TO})"), _identity_checks),
    _Rule("统一社会信用代码", re.compile(_CREDIT_CODE, re.IGNORECASE), _credit_code_checks),
    _Rule("银行卡号", re.compile(f"{_FROM}[3-69][0-9]{{15,18}}{_TO}{_NOT_YUAN}"), _is_card),
    _Rule("银行卡号", re.compile(f"{_CARD_IN_FOURS}{_G}[0-9]{{1,3}}{_TO}{_NOT_YUAN}"), _is_card),
    _Rule("银行卡号", re.compile(f"{_CARD_IN_FOURS}{_TO}{_NOT_YUAN}"), _is_card),
    _Rule("银行卡号", re.compile(f"{_FROM}62[0-9]{{4}}{_G}[0-9]{{10,13}}{_TO}")),
    _Rule("身份证号", re.compile(_IDENTITY_15)),
    _Rule(
        "手机号",
        re.compile(rf"{_FROM}(?:\(?(?:\+|00)?86\)?{_S})?(?:{_MOBILE}){_TO}{_NOT_YUAN}"),
    ),
    _Rule("电话号码", re.compile(rf"{_FROM}{_AREA_CODE}{_S}{_LANDLINE}{_EXTENSION}{_TO}")),
    _Rule(
        "电话号码",
        re.compile(rf"(?:电话|座机|固话){_IS}(?P<value>{_LANDLINE}{_EXTENSION}){_TO}{_NOT_YUAN}"),
    ),
    _Rule(
        "社保号",
        re.compile(rf"{_INSURANCE}{_IS}(?P<value>[A-Za-z]?[0-9]{{6,20}}[A-Za-z]?){_TO}{_NOT_YUAN}"),
    ),
    _Rule(
        "证件号码",
        re.compile(
            rf"{_TRAVEL_DOCUMENT}{_IS}"
            rf"(?P<value>[A-Za-z]{{1,3}}{_S}[0-9]{{6,12}}|[0-9]{{7,10}}){_TO}{_NOT_YUAN}"
        ),
    ),
    _Rule("QQ号", re.compile(rf"(?i:QQ){_IS}(?P<value>[1-9][0-9]{{4,11}}){_TO}{_NOT_YUAN}")),
    _Rule(
        "微信号",
        re.compile(
            rf"{_WECHAT}号码?(?:是|为|:|\s){{0,3}}"
            rf"(?P<value>[A-Za-z][A-Za-z0-9_\-]{{5,19}}|[0-9]{{5,12}}){_TO}{_NOT_YUAN}"
        ),
    ),
    _Rule(
        "微信号",
        re.compile(
            rf"{_WECHAT}(?:是|为|加|:|\s){{0,3}}"
            r"(?P<value>(?=[A-Za-z_\-]{0,19}[0-9])[A-Za-z][A-Za-z0-9_\-]{5,19})"
        ),
    ),
    _Rule("编号", re.compile(rf"{_FROM}[0-9]{{11,}}[Xx]?{_TO}{_NOT_YUAN}")),
)

_PROVINCES_SHORT = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = f"[{_PROVINCES_SHORT}][A-HJ-NP-Z][ ·•]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"

_HOME = (
    "(?:[家我现租]住|住[在址处]|地址|家在|居住[在于]|户口(?:所在地|在)|户籍(?:所在地|地|在))"
    r"(?:是|为|在|于|:|\s){0,3}"
)
_REGIONS = rf"(?:[{_H}]{{2,7}}?(?:省|自治区|市|州|盟|(?<![小社园])区|县|旗)){{0,4}}"
_PLACE = "(?:路|街|道|弄|巷|胡同|里|(?<!农)村|镇|乡|区|花园|苑|公寓|园|城|府|庭|湾|庄|坊|大厦|宿舍|大院)"
_DOOR = "(?:[0-9]{1,5}|[零〇一二三四五六七八九十百]{1,5})[A-Za-z]?"
_DOOR += "(?:号楼|号院|号|弄|幢|栋|座|单元|室|楼|层|组|户|房)"
_NEXT_DOOR = rf"[\-\s]?[{_H}A-Za-z]{{0,6}}?{_DOOR}"
_AT_A_DOOR = (
    rf"[{_H}A-Za-z0-9]{{1,15}}?{_PLACE}[{_H}A-Za-z0-9#\-]{{0,12}}?{_DOOR}"
    rf"(?:{_NEXT_DOOR}|[\-\s]?[0-9A-Za-z\-]{{1,8}}){{0,6}}"
)
_AN_ESTATE = (
    "(?!老旧|同一|一个|这个|那个|什么|哪个|哪里|保障|本|该|安置|商品|普通|封闭|智慧|美丽|的)"
    rf"[{_H}]{{2,6}}(?:小区|花园|新村)"
)
_A_BLOCK = (
    rf"[{_H}]{{2,10}}?[\-\s]?[0-9]{{1,4}}(?:幢|栋|号楼|单元|室|-[0-9]{{1,4}})"
    rf"(?:{_NEXT_DOOR}|[\-\s]?[0-9\-]{{1,8}}){{0,4}}"
)
# Without a word before it, only what ends in a room number is surely somebody's home.
_A_ROOM = (
    rf"[{_H}]{{2}}(?:路|街|巷|弄|大道|小区|花园|新村|苑|公寓)"
    rf"(?:[\-\s]?[{_H}A-Za-z]{{0,6}}?{_DOOR}){{0,4}}[\-\s]?(?:[0-9]{{1,5}}|[一二三四五六七八九十零〇]{{1,5}})室"
)

_KIN = "爱人|老公|老婆|丈夫|妻子|爸爸?|妈妈?|父亲|母亲|儿子|女儿|孩子|哥哥?|姐姐?|弟弟?|妹妹?"
_MY_NAME = (
    rf"(?:(?:我|{_KIN})的?名?字?叫做?|(?:我|{_KIN})的?名字是"
    r"|(?:姓名|联系人)(?:叫|是|为|:|\s){1,3})\s{0,2}"
)
# 我叫外卖, 我叫公司开证明, 姓名 性别 年龄, 姓名为空: what stands there and is nobody's name.
_NO_NAME = (
    "(?!什么|啥|甚|不|了|他|她|你|它|您|我|谁|车|外卖|过|着|们|个|几|这|那|哪|怎|必|要|填|需|和|与|或"
    "|否|身份|电话|一|的|滴|快递|号|是|错|写|有|都|可以|信息|改|登记|变更|栏|人|到|去|停|来[了办帮]|帮|办"
    "|性别|年龄|民族|出生|手机|住址|地址|单位|职[务业]|学历|籍贯|证件|银行|账号|开户|联系|备注"
    "|空|真|生僻|繁体|准|英文|中文|曾用|汉字|拼音|唯一|本人|大家|所有|全部|美团|跑腿|代驾|网约"
    "|朋友|同[学事]|老[板师乡人]|家[人里属长]|爹|娘|父|母|爷爷|奶奶|外[公婆]|亲戚|师傅|保安|员工|工人"
    f"|公司|企业|社区|街道|[居村]委|中介|会计|财务|律师|医生|客服|负责|经办|法人|代理|{_KIN})"
)
_TWO_SURNAMES = "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|端木|南宫|夏侯)"
# What follows a name in running text: 我叫张三想问, 我叫张三是.
_AFTER_NAME = "[想今是在有要问来从也的户身手电联住毕刚就现年男女和请您你我他她这那哪能可会准正已于了本大专学]"
_NAME = (
    rf"{_NO_NAME}(?:[{_H}]{{1,8}}(?:[·•][{_H}]{{1,8}}){{1,4}}|{_TWO_SURNAMES}[{_H}]{{1,2}}"
    rf"|[{_H}]{{4}}(?=$|[,。!?;、\s\[])|[{_H}]{{2}}(?:(?!{_AFTER_NAME}[{_H}])[{_H}])?"
    r"|[A-Za-z]{2,20}(?:[ .·][A-Za-z]{1,20}){0,3})"
)
# Surnames that start no other word after 我是; 高 (高校毕业生), 应 (应届生), 程 (程序员) do.
_CLEAR_SURNAME = (
    "[王李张刘陈赵孙朱郭何林罗梁宋郑谢唐冯邓曹彭曾肖萧田袁潘蒋蔡杜叶魏苏吕丁卢姚崔钟谭陆汪范廖韦贾"
    "付邹熊孟秦邱侯尹薛阎段雷史陶贺顾毛郝龚邵钱戴严莫孔康董杨黄周吴徐胡许韩沈]"
)
_NOT_A_PERSON = (
    "(?!杨[浦凌]|黄[石山岩浦冈埔牛金]|周[口边末围岁一二三四五六日]|吴[江兴中淞]|徐[州汇家]|胡[同州乱]|韩[国城语]"
    "|许[昌多可久诺]|沈阳|郑[州重]|唐[山朝代]|曹[县妃杨]|叶[县子]|苏[州北南]|丁[克香桥]|卢[湾氏]|陆[军家续]"
    "|汪清|贾汪|熊[猫孩]|孟加|秦皇|段[子落]|雷[锋达]|史[上学]|陶[瓷艺]|贺[州兰]|顾[家问客不及]|毛[坯衣纺利]"
    "|严[格重]|莫[非名]|孔雀|康[复养]|董事|何[时人种处类必]|林[业场区州农]|罗[湖平]|梁[平山]|张[家店罗]|陈[述列]"
    "|李沧|孙[子女]|田[间径地]|范[围县]|肖像|谢谢|蔡甸|王[者牌府]|萧山|钟[点楼]|钱[塘江不少都也还已]|吕梁"
    "|付[款费钱清出不]|邵阳|邹[城平]|彭[州水]|邓州|宋[朝代]|杜绝|戴[着眼口帽]"
    "|曾[经在是任于参获从就失创领办做被因有入服担交缴])"
)
_I_AM = (
    rf"(?:我是|本人|姓名|联系人|申请人|法定代表人)\s?(?P<value>{_NOT_A_PERSON}"
    rf"(?:{_CLEAR_SURNAME}|{_TWO_SURNAMES})[{_H}]{{1,2}}?)(?<![人的了吗呢区县市工师员厂店户者])"
    r"(?=$|[,。!?;、\s]|\[(?!姓名)|身份证|手机|电话|联系|我|想[问咨了知请要]|[请咨]|今年|[你您]好)"
)

_WORDS = (
    _Rule("车牌号", re.compile(_PLATE, re.IGNORECASE), _is_plate),
    _Rule("地址", re.compile(f"{_HOME}{_REGIONS}(?P<value>{_AT_A_DOOR}|{_A_BLOCK}|{_AN_ESTATE})")),
    _Rule("地址", re.compile(_A_ROOM)),
    _Rule("姓名", re.compile(f"{_MY_NAME}(?P<value>{_NAME})")),
    _Rule("姓名", re.compile(_I_AM)),
)
