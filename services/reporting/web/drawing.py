"""Small drawings that stand in a page's text: bars and gauges. Pure; what they show also stands beside them in words.

They are SVG with attributes only, since the pages allow no style but that of the style sheet.
"""

from typing import Final

from markupsafe import Markup

WIDTH: Final = 200
HEIGHT: Final = 12
FULL_PCT: Final = 100


def bar(share_pct: float | None, mark_pct: float | None = None, kind: str = "plain") -> Markup:
    """Draw a share of a whole as a bar, with a mark where another share stands; hidden from those who cannot see it."""
    parts = [Markup('<rect class="bar-whole" width="{}" height="{}"/>').format(WIDTH, HEIGHT)]
    if share_pct:
        parts.append(Markup('<rect class="bar-{}" width="{}" height="{}"/>').format(kind, _along(share_pct), HEIGHT))
    if mark_pct is not None:
        at = min(_along(mark_pct), WIDTH - 2)
        parts.append(Markup('<rect class="bar-mark" x="{}" y="-3" width="2" height="{}"/>').format(at, HEIGHT + 6))
    return _drawn("bar", (0, -3, WIDTH, HEIGHT + 6), parts, stretch=True)


def interval(low: float, middle: float, high: float, *, reach: float) -> Markup:
    """Draw a mean and its interval on a line from minus to plus `reach`, with a mark at 0."""

    def along(value: float) -> float:
        return round((value + reach) / (2 * reach) * WIDTH, 1)

    parts = [
        Markup('<rect class="bar-whole" y="5" width="{}" height="2"/>').format(WIDTH),
        Markup('<rect class="bar-mark" x="{}" y="-3" width="1" height="18"/>').format(along(0)),
        Markup('<rect class="interval-range" x="{}" y="3" width="{}" height="6" rx="3"/>').format(
            along(low), round(along(high) - along(low), 1)
        ),
        Markup('<circle class="interval-middle" cx="{}" cy="6" r="5"/>').format(along(middle)),
    ]
    return _drawn("interval", (0, -3, WIDTH, HEIGHT + 6), parts, stretch=False)


def slope(before: float, after: float) -> Markup:
    """Draw the way from a mean before to a mean after, on a scale from 0 to 100."""
    width, height = 220, 120

    def up(value: float) -> float:
        return round(height - 10 - value / FULL_PCT * (height - 20), 1)

    parts = [
        Markup('<line class="slope-axis" x1="{0}" x2="{0}" y1="10" y2="{1}"/>').format(x, height - 10)
        for x in (30, width - 30)
    ]
    parts.append(
        Markup('<line class="slope" x1="30" x2="{}" y1="{}" y2="{}"/>').format(width - 30, up(before), up(after))
    )
    parts += [
        Markup('<circle class="slope-end" cx="{}" cy="{}" r="5"/>').format(x, up(value))
        for x, value in ((30, before), (width - 30, after))
    ]
    return _drawn("slope-drawing", (0, 0, width, height), parts, stretch=False)


def _along(share_pct: float) -> float:
    return round(min(max(share_pct, 0), FULL_PCT) / FULL_PCT * WIDTH, 1)


def _drawn(name: str, box: tuple[float, ...], parts: list[Markup], *, stretch: bool) -> Markup:
    """Put parts into a drawing; `box` is where it begins and how large it is, `stretch` lets it fill any width."""
    return Markup(
        '<svg class="{}" viewBox="{}" preserveAspectRatio="{}" aria-hidden="true" focusable="false">{}</svg>'
    ).format(name, " ".join(map(str, box)), "none" if stretch else "xMinYMid meet", Markup("").join(parts))
