"""Who runs the service: what the law wants on every page, from settings. What is not set is said so."""

from __future__ import annotations

import json
from dataclasses import dataclass


class WrongSetting(ValueError):
    """A setting is missing or cannot be right; the message names it, in Chinese."""


@dataclass(frozen=True, slots=True)
class Site:
    """The operator's particulars; an empty one is shown as 未配置, never invented."""

    operator: str = ""  # 主办单位
    supporter: str = ""  # 技术支持
    phone: str = ""  # the operator's own, beside the national 12333
    complaints: str = ""  # where to complain, and how soon one hears back
    site_code: str = ""  # 政府网站标识码
    icp: str = ""  # ICP备案号
    police: str = ""  # 公安备案号
    model_filing: str = ""  # the model in use and its filing number; empty: no model
    algorithm_filing: str = ""  # 算法备案号
    producer: str = ""  # 标识办法 Art. 5: the provider's code in the implicit mark
    keep_days: int = 30  # conversations are erased after so many days
    asks_per_minute: int = 30  # of one visitor, on the pages; 0 is no limit
    origins: tuple[str, ...] = ()  # other sites whose pages may call what a program may call
    frame_ancestors: tuple[str, ...] = ()  # other sites whose pages may show ours in a frame

    def particulars(self) -> tuple[tuple[str, str], ...]:
        """Return what is to be shown, each with its Chinese name, in the order of the footer."""
        return (
            ("主办单位", self.operator),
            ("联系电话", self.phone),
            ("政府网站标识码", self.site_code),
            ("ICP备案号", self.icp),
            ("公安备案号", self.police),
        )

    def provider(self) -> tuple[tuple[str, str], ...]:
        """Return what 服务说明 says about who is behind the answers."""
        return (
            *self.particulars(),
            ("技术支持", self.supporter),
            ("投诉方式和答复时限", self.complaints),
            ("模型名称和备案号", self.model_filing),
            ("算法备案号", self.algorithm_filing),
            ("服务提供者编码(写在隐式标识里)", self.producer),
        )


def mark(site: Site, number: str) -> str:
    """Return the implicit mark of an exported file, as JSON for its metadata (标识办法 Art. 5, GB 45438).

    Label 1: it is made by AI. `number` is the number of the content. A producer's code that is not set
    is said so.
    """
    return json.dumps(
        {
            "AIGC": {
                "Label": "1",
                "ContentProducer": site.producer or "未配置",
                "ProduceID": number,
                "ReservedCode1": "",
                "ContentPropagator": site.producer or "未配置",
                "PropagateID": number,
                "ReservedCode2": "",
            }
        },
        ensure_ascii=False,
    )
