"""What a visitor has chosen, once for all pages: larger type, colours, a city. Kept in their own cookies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response

MODES = {"": "标准版", "care": "关怀版"}
THEMES = {"": "随系统", "light": "浅色", "dark": "深色", "contrast": "高对比"}

Cities = Mapping[str, str]  # six-digit code → full name, of the places that have documents

_YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices; empty is what the page does by itself."""

    mode: str = ""  # a key of MODES
    theme: str = ""  # a key of THEMES
    city: str = ""  # full name of a place that has documents

    @classmethod
    def of(cls, request: Request, cities: Cities) -> Choices:
        """Return what the address says, else what the cookies say; what is unknown is as if unset."""

        def chosen(name: str) -> str:
            return request.query_params.get(name, request.cookies.get(f"advisor_{name}", ""))

        mode, theme, city = (chosen(name) for name in ("mode", "theme", "city"))
        return cls(
            mode if mode in MODES else "",
            theme if theme in THEMES else "",
            cities.get(city) or (city if city in cities.values() else ""),
        )


def keep(response: Response, chosen: Mapping[str, str], cities: Cities, *, secure: bool) -> None:
    """Have the browser keep what was chosen; an unknown or empty choice is forgotten.

    A city is kept by its code: a cookie holds no Chinese.
    """
    codes = {name: code for code, name in cities.items()}
    known = {
        "mode": dict(zip(MODES, MODES, strict=True)),
        "theme": dict(zip(THEMES, THEMES, strict=True)),
        "city": codes,
    }
    for name, value in chosen.items():
        cookie = f"advisor_{name}"
        if stored := known[name].get(value):
            response.set_cookie(cookie, stored, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
        else:
            response.delete_cookie(cookie, samesite="lax")
