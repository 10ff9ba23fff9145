"""Whether a question is our business, and whether the clause that was found speaks of it at all."""

from __future__ import annotations

import re

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
_FITS = 0.24  # of the fused score; all three were set on the development questions
_FITS_OUR_BUSINESS = 0.16  # for a message that surely speaks of employment or start-up policy
_SURELY_MEANT = 0.45  # another service's words do not turn such a clause away


def is_our_business(text: str) -> bool:
    """Whether a message has a word of employment or start-up policy in it."""
    return bool(_OURS.search(text))


def fits(found: ScoredClause, reading: Reading) -> bool:
    """Whether the best clause has enough of what the question is about to be an answer at all."""
    enough = _FITS_OUR_BUSINESS if is_our_business(reading.text) else _FITS
    return bool(reading.topic) and found.score >= enough


def surely_fits(found: ScoredClause) -> bool:
    """Whether the clause is meant even if the message has words of another service in it."""
    return found.score >= _SURELY_MEANT
