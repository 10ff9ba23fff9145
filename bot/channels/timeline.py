"""Days that matter, as a picture: an SVG that a page shows, prints and saves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bot.channels.pages import day_in_words

_WIDE = 330  # of the picture's own units; a page scales it
_LINE, _GAP, _TOP = 22, 16, 26
_CHARACTERS = 19  # in a line


@dataclass(frozen=True, slots=True)
class Event:
    """A day and what it is the day of."""

    day: date
    text: str
    now: bool = False
    over: bool = False


def timeline(events: tuple[Event, ...]) -> Markup | None:
    """Return the picture, earliest day first; None where there is but one day."""
    if len(events) < 2:
        return None
    ordered = sorted(dict.fromkeys(events), key=lambda event: (event.day, event.now))
    parts: list[Markup] = []
    height = _TOP
    for event in ordered:
        lines = [event.text[i : i + _CHARACTERS] for i in range(0, len(event.text), _CHARACTERS)]
        parts.append(_event(event, lines, height))
        height += _LINE * (len(lines) + 1) + _GAP
    told = ";".join(f"{day_in_words(event.day)},{event.text}" for event in ordered)
    return Markup(
        '<svg class="timeline" viewBox="0 0 {w} {h}" role="img" aria-label="{told}" xmlns="http://www.w3.org/2000/svg">'
        '<line class="axis" x1="12" y1="{y1}" x2="12" y2="{y2}"/>{parts}</svg>'
    ).format(
        w=_WIDE,
        h=height,
        told=f"时间线:{told}",
        y1=_TOP - 6,
        y2=height - _LINE - _GAP,
        parts=Markup("").join(parts),
    )


def _event(event: Event, lines: list[str], top: int) -> Markup:
    kind = "now" if event.now else "over" if event.over else "to-come"
    word = "(已过)" if event.over else ""
    head = Markup('<text x="28" y="{}" font-weight="700" font-size="15">{}{}</text>').format(
        top, day_in_words(event.day), word
    )
    told = Markup("").join(
        Markup('<text x="28" y="{}" font-size="15">{}</text>').format(top + _LINE * (number + 1), line)
        for number, line in enumerate(lines)
    )
    return Markup('<g class="event {}"><circle cx="12" cy="{}" r="6"/>{}{}</g>').format(
        kind, top - 5, head, told
    )
