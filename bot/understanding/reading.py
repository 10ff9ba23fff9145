"""A message → what it asks, about which place. Nothing is read that was not said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.types import Intent
from knowledge.normalize import normalized
from knowledge.numerals import Figure, Measure, figures
from knowledge.regions import Mention, Regions
from knowledge.types import Region


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one message."""

    text: str  # the message, normalised
    bare: str  # the same in standard words, without places, without what is masked and without 现在还
    regions: tuple[Region, ...]  # places it names
    ambiguous: tuple[Region, ...]  # candidates of a name that several places share
    intent: Intent
    measure: Measure | None  # what kind of figure is asked for
    several: bool  # it asks for more than one figure: 一般多少,特别好的最多多少
    personal: bool  # it asks what a person gets, pays or needs, not what the city is to reach
    topic: str  # the words that say what it is about; "" when there are none
    claim: Figure | None = None  # a figure it wants confirmed: 博士给50万元对吧


# What people say that asks nothing. A message is small talk when only particles are left beside these.
_GREETS = re.compile(
    r"(?:你|您|大家)好|在吗|在不在|有人(?:吗|在吗|在)|有没有人|嗨|哈喽|哈罗|喂|hi|hello|(?:早上|上午|中午|下午|晚上)好|早安|早啊|新年好|"
    r"新年快乐|(?:节日|周末)(?:快乐|愉快)",
    re.I,
)
_THANKS = re.compile(
    r"(?:多?谢(?:谢)?|感谢|感恩)(?:你们?|您|老师|客服|回复|解答)?|辛苦(?:你|您|大家)?了?|麻烦(?:你|您)(?:们)?了|"
    r"(?:你|您)?(?:讲|说|解释|回答|解答)得?(?:很|真|挺|太|非常)?(?:清楚|明白|好|仔细|详细|有用|到位)|有帮助|帮(?:了)?大忙|"
    r"thanks?|thank you",
    re.I,
)
_TAKES_LEAVE = re.compile(
    r"再见|拜拜|回见|下次(?:再)?(?:聊|问|来)|晚安|先这样|就这样|没(?:有)?(?:别的|其他)?(?:事|问题)了|bye",
    re.I,
)
_NODS = re.compile(
    r"好的|好嘞|好吧|行吧|嗯+|哦+|噢|喔|ok|okay|知道了|(?:我)?(?:明白|清楚|了解|懂|晓得|收到)(?:了)?|原来如此|原来是这样|"
    r"这样子?|没问题|好",
    re.I,
)
_WHO_ARE_YOU = re.compile(
    r"(?:你|您)(?:是|叫)(?:谁|什么(?:名字)?|啥(?:名字)?|哪位|哪个|干(?:什么|啥|嘛)的|做(?:什么|啥)的)|"
    r"(?:(?:你|您)(?:到底|究竟)?(?:是|算)?|是)(?:不是)?(?:个|一个)?(?:机器人|真人|人工(?:智能|客服)?|活人|电脑|ai|智能客服)(?:吗|么)?(?:还是(?:真人|人工|活人|机器人|机器))?|"
    r"(?:你|您)(?:能|会|可以)(?:做|干|回答|帮我)(?:什么|啥|哪些|些什么|些啥)|(?:你|您)(?:会|能)(?:什么|啥)|怎么称呼(?:你|您)?",
    re.I,
)
_SCOLDS = re.compile(
    r"滚(?:开|蛋)?|(?:你们?)?(?:就是|都是|是)?(?:一群|一帮|个|大)?(?:骗子|垃圾|废物|智障|傻[子瓜逼叉]?)(?:机器人)?|"
    r"(?:什么|啥)破?(?:玩意儿?|东西)|(?:一点)?(?:没|不顶|不中)用|放屁|胡说八道|气死(?:我|人)了?|答非所问|听不懂人话|"
    r"我?要?投诉(?:你们?)?|烦死了?|有病|他?妈的"
)
_WANTS_A_PERSON = re.compile(
    r"(?:给我|帮我|请|我要|我想|能不能|可以|可不可以)?(?:转|接|找|换|要|叫)(?:个|一下|到)?(?:人工|真人|活人|客服|工作人员)(?:服务|客服|来)?(?:说|聊)?|"
    r"人工(?:服务|客服)?|有没有(?:真人|人工|活人)"
)
_DOES_NOT_FOLLOW = re.compile(
    r"(?:听|看|搞|弄)不(?:太)?(?:懂|明白)|说(?:得)?(?:人话|简单(?:点|一点|些)?|明白(?:点|一点|些)?)|简单(?:点|一点|些)(?:说)?|太复杂了?|啥意思|什么意思|没(?:听|看)懂"
)
_IS_SAD = re.compile(
    r"(?:心里|心情|真的?|好|很|太)?(?:难受|难过|委屈|郁闷|憋屈|焦虑|绝望|痛苦)|没人要(?:我)?了?|(?:真|好|太|很)愁|愁死了?|睡不着|想哭|压力(?:好|太|很)?大|"
    r"当(?:妈|爸|爹|娘)的|日子(?:难|没法)过?|活得(?:真|太)?累|(?:好|太|真)累"
)
_CHATS = {
    "who": _WHO_ARE_YOU,
    "person": _WANTS_A_PERSON,
    "scold": _SCOLDS,
    "sad": _IS_SAD,
    "plain": _DOES_NOT_FOLLOW,
    "thanks": _THANKS,
    "leave": _TAKES_LEAVE,
    "hello": _GREETS,
    "nod": _NODS,
}
_PARTICLES = re.compile(
    r"请问|行|对|是|没事|好|那个?|这个?|呀|啊|吧|呢|吗|嘛|哈|哦|了|啦|的|哟|诶|欸|唉|我|你|您|们|就|都|也|太|很|真|先|再|老师|客服|同志|大哥|大姐|亲|[^\w]|_"
)
_STANDARD = {
    "啥时候": "什么时候",
    "啥时": "什么时候",
    "几时": "什么时候",
    "几多": "多少",
    "顶格": "最高",
    "顶多": "最高",
    "封顶": "最高",
    "特别牛": "特别优秀",
    "分几次": "怎么发放",  # as documents write it: 分两笔发放
    "分几笔": "怎么发放",
    "咋": "怎么",
    "啥": "什么",
}
_COLLOQUIAL = re.compile("|".join(_STANDARD))
_DOCUMENT = re.compile(
    r"落款|落的款|几个(?:部门|单位)(?:一起|联合)|文号|发文(?:机关|单位|日期)|(?:哪天|哪年|什么时候|几号|何时|哪一天|几月几号)(?:印发|发布|发的|出的|出台|公布|下发)|"
    r"(?:谁|哪个单位|哪个部门|哪些单位|哪些部门|什么单位|几个部门|哪几个部门|哪家)(?:联合|一起|牵头)?(?:印发|发布|发的|出的|下发|制定)|"
    r"(?:文件|通知|方案|计划|办法)(?:全称|全名|叫什么|名字|标题|名称)"
)
_WHAT_CAN_I_GET = re.compile(
    r"(?:能|可以|可)(?:领|拿|享受|申请|申领|得)(?:到)?(?:什么|哪些|哪几)|有(?:什么|哪些|哪几项?|多少)(?:补贴|补助|政策|扶持|支持|优惠|好处|待遇)|"
    r"(?:什么|哪些)(?:补贴|补助)|能?(?:给|拿|领)多少(?:钱|补贴|补助)|(?:这个|这种)情况|符合(?:什么|哪些)"
)
# What is left of such a message when these are gone is a subject of its own: 租房有什么补贴 is about renting.
_SAYS_WHO = re.compile(
    r"补贴|补助|政策|扶持|支持|优惠|好处|待遇|毕业生?|应届生?|往届生?|大学生|研究生|硕士|博士|本科|大专|专科|学历|"
    r"在校|海归|留学生?|回国|创业者?|就业|工作|上班|找|求职|开|公司|老板|导师|博士后|情况|符合|条件|刚|年|个|多|家|"
    r"去|来|给|拿|领|钱|到|人|想|这种|企业|单位|新|女儿|儿子|孩子|娃|[0-9一二两三四五六七八九十岁]"
)
_INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        Intent.SOURCE,
        re.compile(
            r"哪(?:一|几)?条(?:款)?(?:里)?(?:写|规定|说|讲)|(?:原文|条文|原话)(?:里)?(?:是)?(?:怎么|什么)(?:说|写|讲)?|"
            r"(?:看|发|贴|念)(?:一?下|给我)?(?:看看)?原文|(?:依据|出处|根据)(?:是|在)?(?:什么|哪)|有(?:没有)?(?:什么)?(?:依据|出处)|"
            r"(?:确定|肯定|保证|当真|属实|靠谱)(?:吗|么|不|是)|没(?:骗|搞错|弄错|记错|说错|看错)|凭什么(?:这么)?说|"
            r"(?:在)?(?:哪里|哪儿|哪)(?:写|规定|说)(?:的|着|了)|白纸黑字|^真的(?:吗|么|假的)?$"
        ),
    ),
    (Intent.DOCUMENT, _DOCUMENT),
    (
        Intent.HOW_TO_APPLY,
        re.compile(
            r"(?:怎么|如何|怎样|咋)(?:申请|申领|办理|领取|领|报名|弄|操作|申报|认定|办(?=$|[,。?!]?$|[^,。?]{1,8}[证照卡户]))|"
            r"(?:什么|哪些|哪几样|需要?|准备|带|交|提交|备|填)[^,。?]{0,6}(?:材料|手续|证件|表格?)|(?:材料|手续)(?:有|是|要|清单)?(?:什么|哪些|清单|$)|流程|"
            r"(?:在|去|到)(?:哪里|哪儿|哪|什么地方)(?:申请|办理|办|领|交|报名)|网址|链接|(?<![换改迁移更])地址|电话|窗口在|"
            r"(?:准备|带|交|要|需要)(?:哪几样|哪些|什么)(?:东西|证件|资料|证明)|原件|复印件|"
            r"(?:什么时候|几号|几月|哪天|截止)[^,。?]{0,6}(?:报名|开课|开班|申报|申请)|"
            r"(?:报名|开课|开班|申报)[^,。?]{0,8}(?:什么时候|几号|几月|哪天|截止|时间)"
        ),
    ),
    (
        Intent.WHO,
        re.compile(
            r"(?:哪个|哪些|什么|哪几个|哪几家|哪家)(?:部门|单位|局|机构|委|人负责)|谁(?:来)?(?:负责|管|主管|牵头|出钱|承担)|"
            r"归(?:谁|哪)[^,。?]{0,3}(?:管|负责)?|找(?:谁|哪)|责任(?:单位|部门)|牵头(?:单位|部门)|"
            r"(?:谁|哪个|哪家|哪里|哪块)(?:在)?(?:管|负责|牵头)|是[^,。?]{1,6}管还是[^,。?]{1,6}管"
        ),
    ),
    (
        Intent.UNTIL_WHEN,
        re.compile(
            r"什么时候(?:截止|结束|到期|过期|为止|失效|停)|(?:到|截止到?)(?:什么时候|哪天|哪年|几号|几时|何时)"
            r"(?:结束|截止|到期|为止)?|"
            r"管(?:的是)?(?:到)?(?:哪年|哪几年|几年)|到期(?:了)?(?:没|没有|吗)|"
            r"(?:政策|文件|规定|通知|方案)[^,。?]{0,4}还(?:能|可以)用|截止(?:日期|时间)?|有效期|过期(?:了|没)|还(?:有效|管用|作数|执行|算数)|哪天(?:结束|到期)|"
            r"(?:政策|文件|计划|方案|通知)(?:还在|作废|失效)|(?:什么时候|哪天|哪年|几号|几时|何时)(?:开始(?!报|申|领)|施行|实施|执行|生效|出台|发布)"
        ),
    ),
    (
        Intent.HOW_MUCH,
        re.compile(
            r"多少|(?<![哪好十])几(?:成|万|千|百|块|元|家|个|人|名|年|天|月|次|场|所|户|岁|折|成|%)|多大|多久|多长时间|多高|"
            r"补(?:几|多)|金额|标准(?:是|有|呢|$)|额度|上限|比例|利率|给(?:多|几)"
        ),
    ),
    (
        Intent.CAN_I,
        re.compile(
            r"能不能|可不可以|可以.*吗|能.*吗|能否|可否|有没有|有.*吗|是否|行不行|行吗|算不算|算.*吗|符合|"
            r"有资格|够不够|要不要|需不需要|包括.*吗"
        ),
    ),
)
_MEASURES: tuple[tuple[Measure, re.Pattern[str]], ...] = (
    (
        Measure.FREQUENCY,
        re.compile(
            r"(?:多久|多长时间|几个?月|几天|几年|隔多久)[^,。?]{0,6}(?:一次|一回|一趟|次)|频率|多频繁"
        ),
    ),
    (Measure.AREA, re.compile(r"多少(?:个)?平|几(?:个)?平|多大面积|面积")),
    (
        Measure.SHARE,
        re.compile(r"比例|百分之|利率|费率|利息|多少%|占多少|几成|达标率|合格率|满意(?:度|率)|成功率|存活率"),
    ),
    (Measure.AGE, re.compile(r"多大(?:年纪|年龄|岁数)?|几岁|多少岁|年龄")),
    (
        Measure.DURATION,
        re.compile(r"多久|多长时间|几天|几年|几个月|多少(?:天|年|个月)|最长|期限|多长"),
    ),
    (
        Measure.COUNT,
        re.compile(
            r"(?:多少|(?<![哪好十])几)[十百千万]{0,2}(?:家|人|名|个|户|支|场|项|所|站|次|间|条|位|企业|机构|基地|园|学生|项目|老师|导师)"
        ),
    ),
    (
        Measure.MONEY,
        re.compile(
            r"多少(?:钱|元|块|万|补|资助|奖)|几(?:万|千|百|块|元)|金额|额度|补(?:多少|几)|给多少|领多少|拿多少|"
            r"(?:补贴|补助|资助|奖励|经费|津贴|贷款|奖金|房补|资金|费)[^,。?]{0,6}多少|多少.{0,6}(?:补贴|补助|资助|奖励|贷)|"
            r"贷(?:多少|几)|(?:补贴|补助|资助|奖励)标准|(?:奖金|房租|租金|学费|收费|收|价|费)[^,。?]{0,8}多少|"
            r"[给补领拿奖发贷](?:到|个|我)?多少|(?:补|给|领|拿|奖|贷|钱|发|资助)[^,。]{0,6}多少(?:啊|呀|呢|$)"
        ),
    ),
)
_FILLERS = re.compile(
    r"请问|你好|您好|麻烦|问一?下|想(?:问|知道|了解|咨询|要)一?下?|咨询一?下?|打听一?下?|帮(?:我|忙)(?:查|看|问)?一?下?|"
    r"告诉我|跟我说|说说|能不能|可不可以|有没有|是不是|要不要|行不行|能否|是否|可以|多少钱|多少|怎么样|怎么|如何|怎样|"
    r"什么时候|什么样|什么|哪个|哪些|哪里|哪儿|为什么|大概|一般|现在|目前|今年|最近|听说|知道|觉得|应该|如果|要是|的话|"
    r"我们|你们|他们|咱们|自己|这个|那个|这些|那些|这边|那边|这里|那里|一个|一下|政策|规定|文件|相关|方面|情况|问题|"
    r"能拿|能领|能有|能给|可不|谢谢|一共|总共|到底|具体|都有|有啥|啥|吗|呢|啊|吧|呀|嘛|哦|哈|了|的|我|你|您|他|她|它|"
    r"有|是|在|会|能|要|想|给|对|和|跟|也|就|还|都|又|很|那|这|么|[,。?!;:、…~\"'“”‘’()\[\]《》.\s]"
)

_PERSONAL = re.compile(
    r"(?:我|俺|咱|本人)(?:们)?(?:家|公司|厂|店|单位)?(?:能|可以|可|要|该|会)?(?:领|拿|贷|免|享受|报|交|收|得)|"
    r"能(?:领|拿|贷|免|享受|报)|领(?:多|几)|补(?:贴|助)?(?:多|几)|免(?:多|几)|给(?:多|几)(?:少钱|万|千|块|元)|贷(?:多|几)|"
    r"交(?:多|几)|收(?:多|几)|最(?:少|低|多|高)(?:要|给|能|补|贷)|期限|平米|平方|报名|面积"
)


# The words of these intents (归哪个部门管, 到什么时候结束) are in no clause; those of 多少钱 may be.
_SAYS_NOTHING_ABOUT_WHAT = {
    Intent.SOURCE,
    Intent.HOW_TO_APPLY,
    Intent.WHO,
    Intent.UNTIL_WHEN,
    Intent.DOCUMENT,
}
# 给多少,归哪个局管,现在还有效吗: the answer with the figure says these anyway.
_SAID_BESIDE_A_FIGURE = {Intent.WHO, Intent.UNTIL_WHEN}


def read(message: str, regions: Regions, within: str | None) -> Reading:
    """Return what `message` asks; `within` is the code of the place the talk is about, if known."""
    text = normalized(message).strip()
    mentions = regions.mentions(text, within)
    bare = _in_standard_words(_without(text, mentions))
    intent, asking = _intent(text, bare)
    if intent in _MAY_BE_ABOUT_ALL and _WHAT_CAN_I_GET.search(bare) and not _subject(bare):
        intent = Intent.WHAT_CAN_I_GET
    measure = measure_asked(bare) if _asks_number(bare) else None
    claim = _claim(bare) if measure is None else None
    if claim and intent in _MAY_BE_ABOUT_ALL:
        intent, measure = Intent.HOW_MUCH, claim.measure
    about = asking.sub(" ", bare) if asking and intent in _SAYS_NOTHING_ABOUT_WHAT else bare
    topic = " ".join(_FILLERS.sub(" ", about).split())
    return Reading(
        text=text,
        bare=_STILL.sub("", _MASKED.sub("", bare)).strip(),
        regions=tuple(dict.fromkeys(m.regions[0] for m in mentions if len(m.regions) == 1)),
        ambiguous=next((m.regions for m in mentions if len(m.regions) > 1), ()),
        intent=intent,
        measure=measure,
        several=len(re.findall(r"多少|(?<![哪好十])几|分别|最高|最多", bare)) > 1,
        personal=bool(_PERSONAL.search(bare)),
        topic=topic,
        claim=claim,
    )


def is_worried(text: str) -> bool:
    """Whether somebody tells of worry beside what is asked."""
    return bool(_WORRIES.search(text))


_WORRIES = re.compile(
    r"着急|好急|急死|急得|发愁|愁(?:死|坏|得)|犯愁|担心|焦虑|睡不着|睡不好|压力(?:好|太|很|特别)?大|难受|难过|心慌|没底|不知道怎么办|"
    r"走投无路|快撑不住|揭不开锅|活不起|太难了|好难|真难|害怕|委屈"
)


def smalltalk(text: str) -> str | None:
    """Return what a message that asks nothing of policy does, by the name of its reply; else None."""
    done: list[str] = []
    left = text
    for kind, shape in _CHATS.items():
        if shape.search(left):
            done.append(kind)
            left = shape.sub(" ", left)
    if not done or _PARTICLES.sub("", left) or (done[0] == "nod" and re.search("[吗呢?]", text)):
        return None
    return done[0]


def is_english(message: str) -> bool:
    """Whether a message is written in English: pinyin has Latin letters too, but no English grammar."""
    latin, han = len(re.findall("[a-zA-Z]", message)), len(re.findall(r"[\u3400-\u9fff]", message))
    return latin > 3 * han and bool(_ENGLISH_GRAMMAR.search(message))


_ENGLISH_GRAMMAR = re.compile(
    r"\b(?:the|is|are|am|a|an|i|i'm|you|my|in|for|to|how|what|which|who|when|where|can|do|does|of|and|have|has|get|if|"
    r"hello|hi|thanks?|any|there|much|many)\b",
    re.I,
)


def says_nothing(reading: Reading) -> bool:
    """Whether a message names nothing to look for: 多少钱, 问个补贴."""
    return not re.search(r"[^\W\d]", _GENERIC.sub("", reading.topic))


_GENERIC = re.compile(r"补贴|补助|政策|优惠|扶持|好处|钱|问|咨询|了解|个|下|事|些|申请|领")


_MASKED = re.compile(r"(?:我叫|身份证号?|手机号?|电话|卡号)?[:是]?\[[^\]]{1,8}\],?")  # 手机[手机号],
# Whether something still holds is the document's business; what it is about is left.
_STILL = re.compile(r"现在|如今|今年|目前|眼下|这会儿|还(?=有|能|给|发|可|在|申|领|补|搞|评|认|算|办|免|奖)")


def leaning(reading: Reading) -> float:
    """Return how much a message needs the one before it to be understood, 0 to 1: all of it for 国家级呢?"""
    if _NEW_TOPIC.search(reading.text):
        return 0.0
    said = len(reading.topic.replace(" ", ""))
    if said <= _HARDLY_A_TOPIC:
        return 1.0
    return LEANS_BACK if said <= _SHORT_TOPIC or _POINTS_BACK.search(reading.text) else _MAY_LEAN


def leans_back(reading: Reading) -> bool:
    """Whether a message says too little to be understood without the one before it."""
    return leaning(reading) >= LEANS_BACK


def returns(text: str) -> bool:
    """Whether a message takes up what was spoken of before the last answer: 回到刚才那个."""
    return bool(_RETURNS.search(text))


# Set on the dialogues of the development part.
LEANS_BACK = 0.55
_MAY_LEAN = 0.15
_HARDLY_A_TOPIC, _SHORT_TOPIC = 2, 8  # characters
_RETURNS = re.compile(r"回到|回头|再说(?:回)?(?:刚才|前面|之前|一开始)|(?:前面|之前|最早|一开始)(?:那|说|问)")
_NEW_TOPIC = re.compile(r"换个(?:问题|事|话题)|换一个|另外问|问个别的|别的事|再问个|另一个问题")
_POINTS_BACK = re.compile(
    r"^(?:那|要是|如果|刚才|其实|这|它|还是|以后|其中|最多|最少)|刚才那|这个钱|这笔|每笔|前面说的"
)
_DECLINES = re.compile(r"不想说|不方便|不透露|保密|不愿意说|跳过|不告诉")


def asks_for_all(reading: Reading) -> bool:
    """Whether a message asks what there is for somebody, whatever else it says: 想开早餐店,有什么补助."""
    return bool(_WHAT_CAN_I_GET.search(reading.bare))


def asks_what(text: str) -> bool:
    """Whether a message has a question word of its own beside 呢 and 吗."""
    return bool(re.search(r"什么|啥|怎么|哪|谁|多少|几", text))


def only_states(message: str) -> bool:
    """Whether a message asks nothing and only says something about the person, or declines to."""
    return not asks_something(message) or bool(_DECLINES.search(message))


def asks_something(message: str) -> bool:
    """Whether a message has the words of a question in it; one that only names a place or a fact has none."""
    text = _in_standard_words(normalized(message))
    return any(shape.search(text) for _, shape in _INTENTS) or bool(_QUESTION_WORD.search(text))


_LETTER = 60  # characters; a shorter message asks one thing
_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;\n]*")
_ASKS = re.compile(
    r"[吗呢?]|什么|怎么|哪|谁|(?<!好)几(?!乎)|多少|能不能|有没有|是不是|算不算|行不行|可不可以|要不要|会不会"
)


def split_asks(text: str) -> tuple[str, ...]:
    """Return the questions of a letter; a short message, or one with a single question, whole."""
    asking = [run.strip() for run in _SENTENCE.findall(text) if _ASKS.search(_in_standard_words(run))]
    pieces = tuple(piece for run in asking for piece in _pieces(run))
    if len(text) < _LETTER or len(pieces) < 2:
        return (text,)
    return pieces


def _pieces(sentence: str) -> tuple[str, ...]:
    """Return the questions of one sentence, each with what leads up to it: 能给多少,分几年给,谁来管?"""
    pieces, begun = [], ""
    for run in re.findall(r"[^,]+,?", sentence):
        begun += run
        if _ASKS_BY_ITSELF.search(_in_standard_words(run)):
            pieces.append(begun)
            begun = ""
    if len(pieces) < 2:
        return (sentence,)
    return (*pieces[:-1], pieces[-1] + begun)


_ASKS_BY_ITSELF = re.compile(
    r"多少|多久|多大|(?<![好十])几(?=[家个万千百元年月天次名人成])|什么|怎么|哪|谁(?!都)|能不能|有没有|要不要|算不算|吗"
)


def asking_part(text: str) -> str:
    """Return the runs of a message that ask something, without the worries told beside them."""
    runs = (run for run in re.split(r"[,。!;\n]+", text) if run.strip())
    return "。".join(run for run in runs if asks_something(run))


_QUESTION_WORD = re.compile(r"[吗呢么?]|什么|怎么|哪|谁|几|多少|补贴|政策")


_AUDIENCES = (
    ("博士后", re.compile(r"博士后|进站|出站")),
    ("导师", re.compile(r"导师|带徒|师傅")),
    ("单位", re.compile(r"园区|孵化器|我们(?:单位|机构|学校|园)|中介|流动站|工作站")),
    ("创业", re.compile(r"创业|开(?:了|个|一)?(?:家)?(?:公司|店|厂)|老板|雇|招了|办(?:了|个)?(?:公司|企业)")),
    ("求职", re.compile(r"毕业|应届|找工作|求职|上班|硕士|博士|本科|大专|研究生|落户|就业")),
)


def audience(text: str) -> str | None:
    """Return as whom a person asks, one of the calculator's audiences; None when it is not said."""
    return next((name for name, shape in _AUDIENCES if shape.search(text)), None)


_MAY_BE_ABOUT_ALL = {Intent.HOW_MUCH, Intent.CAN_I, Intent.WHAT}


def _subject(bare: str) -> str:
    """Return what a message is about beside who asks; "" when it only says who asks."""
    left = _SAYS_WHO.sub(" ", _FILLERS.sub(" ", bare)).replace(" ", "")
    return left if len(left) > _NO_SUBJECT else ""


_NO_SUBJECT = 1  # one character that is left over says nothing


_CONFIRM = re.compile(r"(?:对|是|没错|真的|是真的)(?:吧|吗|么)|对不对|是不是|真的假的|没错")
_BARE_SUM = re.compile(r"(?<=[0-9]万)(?![0-9元块人家户个名支场项所站平])")  # 给50万对吧 means 元
_OF_ONESELF = re.compile(r"我|俺|咱|岁|毕业|招了|交了|缴了|入职")
# Not a time: 一年 beside a figure is no claim, and 36个月 is 3年.
_CLAIMED = {Measure.MONEY, Measure.COUNT, Measure.SHARE, Measure.AREA}


def _claim(bare: str) -> Figure | None:
    """Return the one figure that a message wants confirmed; None where it may be the person's own."""
    if not _CONFIRM.search(bare):
        return None
    runs = [run for run in re.split(r"[,。;!]", bare) if not _OF_ONESELF.search(run)]
    found = [f for run in runs for f in figures(_BARE_SUM.sub("元", run)) if f.measure in _CLAIMED]
    return found[0] if len(found) == 1 else None  # of two, which one is meant is not said


def _in_standard_words(text: str) -> str:
    return _COLLOQUIAL.sub(lambda match: _STANDARD[match.group()], text)


def _without(text: str, mentions: tuple[Mention, ...]) -> str:
    for mention in reversed(mentions):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return text


def _intent(text: str, bare: str) -> tuple[Intent, re.Pattern[str] | None]:
    """Return the intent, and the shape of the words that it was read from."""
    if smalltalk(text):
        return Intent.SMALLTALK, None
    found = [(intent, shape) for intent, shape in _INTENTS if shape.search(bare)]
    asked = {intent for intent, _ in found}
    if _WHAT_IF.search(bare):
        found = [pair for pair in found if pair[0] is not Intent.HOW_TO_APPLY]
    if Intent.HOW_MUCH in asked and not _asks_number(bare):
        found = [pair for pair in found if pair[0] is not Intent.HOW_MUCH]
    elif Intent.HOW_MUCH in asked and (measure := measure_asked(bare)):
        beside = {Intent.UNTIL_WHEN} if measure is Measure.COUNT else _SAID_BESIDE_A_FIGURE  # 哪几个部门管
        found = [pair for pair in found if pair[0] not in beside]
    return found[0] if found else (Intent.WHAT, None)


_WHAT_IF = re.compile(r"(?:也|了|没|不|丢|被|已经|在领)[^,。?]{0,8}怎么办")  # 我媳妇也在领怎么办
_SOME = re.compile(r"(?<![哪好十])几(?=[个位家名年月天次样])")
_YES_OR_NO = re.compile(
    r"有没有|能不能|可不可以|给不给|是不是|行不行|要不要|扶不扶|管不管|算不算|[^\w]?(?:吗|没|不|么)$"
)


def _asks_number(bare: str) -> bool:
    """Whether a message asks for a number, not only speaks of some: 有几个后生回来,给不给奖励."""
    counted = [*_SOME.finditer(bare)]
    if not counted or re.search(r"多少|多大|多久|多长|多高|几[十百千万成岁块折]", bare):
        return True
    return not _YES_OR_NO.search(bare.rstrip(" ?。,!"), counted[-1].end())


def measure_asked(bare: str) -> Measure | None:
    """Return what kind of figure words ask for: 可以借几年 asks for a duration."""
    return next((measure for measure, shape in _MEASURES if shape.search(bare)), None)
