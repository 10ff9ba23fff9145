"""Whether a question is our business, and whether the clause that was found speaks of it at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.reading import Reading
from embeddings.types import ScoredClause

_OURS = re.compile(
    r"雇|同学合伙|就业|创业|找工作|工作|求职|上班|打工|招聘|招人|用工|用人|岗位|失业|下岗|待业|毕业|应届|大学生|研究生|硕士|博士|"
    r"本科|大专|专科|学历|高校|学校|实习|见习|培训|技能|职业|证书|工匠|导师|师傅|带徒|人才|落户|户口|留学|海归|"
    r"补贴|补助|资助|奖励|津贴|扶持|优惠|减免|免税|税|贷款|贷|担保|利息|贴息|基金|融资|租房|房租|场地|园区|孵化|"
    r"基地|众创|载体|企业|公司|老板|个体|开店|摆摊|营业执照|执照|办证|注册|项目|大赛|比赛|获奖|社保|参保|保险|"
    r"灵活就业|外卖|骑手|网约车|零工|农民工|退役|军人|残疾|困难|农村|返乡|政策|文件|通知|方案|计划|办法|"
    r"双创|联席会议|领导小组|责任单位|部门|市里|区里|政府|小微|民营|科创|科技|成果|专利|知识产权|营商|技师|学徒|网店"
)
# What people ask a chatbot about when they ask it anything: in a talk about policy it is a change of subject.
_OFF_TOPIC = re.compile(
    r"天气|好热啊?$|好冷啊?$|热死|冷死|下雨|下雪|刮风|气温|股票|股市|大盘|彩票|双色球|电影|电视剧|明星|歌|游戏|笑话|故事|写诗|作文|情书|论文怎么写|代码|编程|python|"
    r"翻译|英语怎么说|菜谱|做饭|怎么做菜|好吃|美食|外卖点|减肥|健身|星座|算命|风水|恋爱|男朋友|女朋友|相亲|旅游|景点|"
    r"新闻|总统|主席|战争|台湾|世界杯|足球|篮球|比分|感冒|发烧|头疼|吃什么药|数学题|解方程|几点了|星期几|今天几号|你几岁|你多大",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Enough:
    """The score from which a clause is taken to speak of what is asked."""

    fits: float
    our_business: float  # for a message that surely speaks of employment or start-up policy
    surely: float  # another service's words do not turn such a clause away


# All set on the development questions. Where nobody wrote down how people ask, scores are lower.
_TAUGHT = _Enough(fits=0.45, our_business=0.38, surely=0.82)
_UNTAUGHT = _Enough(fits=0.24, our_business=0.16, surely=0.45)


def _enough(found: ScoredClause) -> _Enough:
    return _TAUGHT if found.is_taught else _UNTAUGHT


def is_our_business(text: str) -> bool:
    """Whether a message has a word of employment or start-up policy in it."""
    return bool(_OURS.search(text))


def is_off_topic(text: str) -> bool:
    """Whether a message surely speaks of something that no document here is about."""
    return bool(_OFF_TOPIC.search(text))


def fits(found: ScoredClause, reading: Reading) -> bool:
    """Whether the best clause has enough of what the question is about to be an answer at all."""
    enough = _enough(found)
    least = enough.our_business if is_our_business(reading.text) else enough.fits
    return bool(reading.topic) and found.score >= least


def surely_fits(found: ScoredClause) -> bool:
    """Whether the clause is meant even if the message has words of another service in it."""
    return found.score >= _enough(found).surely
