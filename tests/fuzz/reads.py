"""Questions to every read route and page, right and wrong. The routes are those that the code has; owns no answer."""

import random
import warnings
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.reporting.figures.pivot import DIMENSIONS
from services.reporting.indicators import INDICATORS
from services.reporting.web.charts.catalogue import CHARTS
from services.reporting.web.site import build_site
from tests.fuzz import posts, texts, values
from tests.fuzz.calls import Call, Headers
from tests.fuzz.client import Client
from tests.fuzz.system import SERVICES
from tests.fuzz.telling_registry import FOUNDING_POOL
from tests.fuzz.world import World
from tests.support.builders import Json

# A period this long would be no answer but a load; how long one may be is tried at the end, alone.
PERIODS: Final = (
    "2024",
    "2025-Q1",
    "2025-03",
    "2024/25",
    "",
    "2025-Q5",
    "0000",
    "9999",
    "2024/26",
    "⚽",
    "2025-13",
    "x" * 8,
)
DAYS: Final = (
    "2024-01-01",
    "2024-12-31",
    "2025-06-30",
    "",
    "2023-02-29",
    "2025-W01-1",
    "x",
    "٢٠٢٥-٠١-٠١",
    "1999-12-31",
)
STRANGE: Final = (
    "",
    "x",
    "null",
    "-1",
    "0",
    "1",
    "500",
    "501",
    "9" * 30,
    "%00",
    "⚽",
    "' OR 1=1 --",
    "a,b,,c",
    "../..",
    "\u202e",
)
# What would end things, or goes on in the background.
NOT_ASKED: Final = frozenset(
    {"/registry/rebuild", "/funding/rebuild", "/reporting/rebuild", "/reporting/metrics", "/metrics"}
)
UNENDING: Final = "/stream"
FILES: Final = (".pdf", ".xlsx", ".zip", ".svg", ".png", ".csv")
FILE_WEIGHT: Final = 0.25
# What is answered without a report, whose counts of people are made anew whenever somebody was told of.
CHEAP: Final = ("/registry/", "/funding/", "/reporting/health", "/reporting/feed", "/reporting/indicators", "/sign-in")


@dataclass(frozen=True, slots=True)
class Route:
    """A route that is read: its address with the names of what stands in it, and its other parameters."""

    path: str
    parameters: tuple[Json, ...]
    is_page: bool = False

    @property
    def label(self) -> str:
        """Name it as the summary does."""
        return f"GET {self.path}"


async def routes(client: Client) -> list[Route]:
    """List every route that can be read: those that the services describe, and the site's."""
    found: list[Route] = []
    for service in SERVICES:
        document = (await client.ask(Call("GET", f"/{service}/openapi.json"))).json()
        found += _of(document, f"/{service}", is_page=False)
    found += _of(_site(), "", is_page=True)
    return [route for route in found if route.path not in NOT_ASKED]


def _site() -> Json:
    """Describe the pages. Their site is made for its routes alone, and never run."""
    site = build_site(FastAPI())
    with warnings.catch_warnings():
        # Each page stands there twice, once in each language.
        warnings.simplefilter("ignore")
        return get_openapi(title="site", version="1", routes=site.routes)


def _of(document: Json, prefix: str, *, is_page: bool) -> list[Route]:
    return [
        Route(f"{prefix}{path}", tuple(operations["get"].get("parameters", ())), is_page)
        for path, operations in document["paths"].items()
        if "get" in operations
    ]


class Questions:
    """Asks one client's questions."""

    def __init__(self, found: list[Route], world: World, dice: random.Random) -> None:
        self._routes = found
        self._cheap = [route for route in found if route.path.startswith(CHEAP)]
        self._weights = [FILE_WEIGHT if route.path.endswith(FILES) else 1 for route in found]
        self._world = world
        self._dice = dice

    def next(self, reader: Headers, visitor: Headers, *, cheaply: bool = False) -> Call:
        """Ask a question of some route; a page is asked by a visitor who has signed in."""
        (route,) = self._dice.choices(self._cheap if cheaply else self._routes, None if cheaply else self._weights)
        query = "&".join(part for parameter in route.parameters for part in self._parameter(parameter))
        path = route.path
        for parameter in route.parameters:
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", quote(str(self._named(parameter)), safe=""))
        who: Headers = visitor if route.is_page else reader
        headers = (*who, *self._headers(route))
        target = f"{path}?{query}" if query else path
        return Call("GET", target, headers, route=route.label, unending=route.path.endswith(UNENDING))

    def _headers(self, route: Route) -> Headers:
        found: list[tuple[str, str]] = []
        if route.is_page and self._dice.random() < 0.8:
            found.append(("Accept", "text/html"))
        if self._dice.random() < 0.15:
            name, value = self._dice.choice(posts.STRANGE_HEADERS)
            if name not in posts.BREAKING and not (name == "Cookie" and route.is_page):
                found.append((name, value))
        return tuple(found)

    def _parameter(self, parameter: Json) -> list[str]:
        """Write a query parameter: left out, once, empty, or several times."""
        if parameter["in"] != "query":
            return []
        times = self._dice.choices((0, 1, 2), (6, 5, 0.4))[0]
        if parameter.get("required"):
            times = max(1, times)
        name = parameter["name"]
        return [f"{quote(name)}={quote(str(self._value(name, parameter)), safe='')}" for _ in range(times)]

    def _value(self, name: str, parameter: Json) -> Any:  # noqa: ANN401  right or wrong
        dice = self._dice
        if dice.random() < 0.12:
            hostile = (*STRANGE, texts.text(dice, 200), dice.choice(values.NAMES))
            return str(dice.choice(hostile)).encode("utf-8", "replace").decode()
        if name in {"from", "to", "as_of", "on"}:
            return dice.choice(DAYS)
        if name == "period":
            return dice.choice(PERIODS)
        if name == "at_least":
            return dice.choice(("registry:1", "registry:1,funding:1", "registry:", "x", "funding:1,funding:2"))
        if name == "indicator":
            return ",".join(item.name for item in dice.sample(INDICATORS, dice.choice((1, 1, 2, 5))))
        if name == "by":
            return ",".join(dice.sample(sorted(DIMENSIONS), dice.choice((1, 1, 2, 3, 4))))
        if name == "chart":
            return dice.choice((*[item.name for item in INDICATORS], "x"))
        return self._named(parameter)

    def _named(self, parameter: Json) -> Any:  # noqa: ANN401  right or wrong
        """Give a value of what a parameter names, mostly one that is there."""
        dice, world = self._dice, self._world
        if dice.random() < 0.12:
            return dice.choice(
                ("x", "..", "%2e%2e", "⚽", "network", "a" * 300, "a.pdf", "-1", "0", "2" * 25, "\x00", "a/b")
            )
        there: dict[str, list[Any]] = {
            "area": world.areas,
            "plan": list(world.plans),
            "activity": list(world.activities),
            "organisation": list(world.organisations),
            "pool": list(world.pools),
            "effort_area": world.pools[FOUNDING_POOL],
            "year": [2023, 2024, 2025, 2026],
            "number": [1, *world.published],
            "sequence": [1, 2, 10],
            "owner": ["registry", "funding", "reporting"],
            "name": sorted(CHARTS),
        }
        name = parameter["name"]
        if found := there.get(name):
            return dice.choice(found)
        shape = parameter.get("schema", {})
        for option in (shape, *shape.get("anyOf", ())):
            if "enum" in option:
                return dice.choice(option["enum"])
            if option.get("type") == "integer":
                return dice.choice((1, 2, 50, 0))
        return dice.choice(STRANGE).encode("utf-8", "replace").decode()
