"""What the claims of a provider let somebody do here. Pure: owns no file and no request."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.access.providers.configuration import AREA, AREA_NAME, Provider, Rule
from shared.errors import SignInRefused
from shared.presentable import presentable
from shared.tokens import MAX_AREAS, Identity

MAX_VALUES: Final = 5_000
NAME_LENGTH: Final = 200


def rights_of(provider: Provider, claims: Mapping[str, Any]) -> Identity:
    """Give the role of the first rule that holds, with the areas of all rules of that role that hold.

    Raises:
        SignInRefused: no rule holds (`no_role`), or a coordinator has no area (`no_area`).
    """
    holding = [(rule, values) for rule in provider.rules if (values := _values(rule, claims))]
    if not holding:
        raise SignInRefused("no_role", f"no rule of the provider {provider.name} gives this person a role")
    role = holding[0][0].role
    if role != "coordinator":
        return Identity(role)
    found = [area for rule, values in holding if rule.role == role for area in _areas(provider, rule, values, claims)]
    areas = frozenset(found[:MAX_AREAS])
    if not areas:
        raise SignInRefused("no_area", f"the provider {provider.name} names no area of this coordinator")
    return Identity(role, areas)


def name_of(provider: Provider, claims: Mapping[str, Any]) -> str:
    """Give what a person is called on the page of who may sign in: the provider's name for them, else its number.

    It is one line that every reader can be shown.
    """
    said = " ".join(presentable(next(iter(_all(claims, provider.name_claim)), "")).split())
    return (said or str(claims["sub"]))[:NAME_LENGTH]


def _values(rule: Rule, claims: Mapping[str, Any]) -> list[str]:
    """Give the values of a claim that a rule holds for."""
    values = _all(claims, rule.claim)
    if rule.value is None:
        return values
    if not rule.is_of_an_area:
        return [value for value in values if value == rule.value]
    before, _, after = rule.value.partition(AREA)
    return [value for value in values if _between(value, before, after)]


def _areas(provider: Provider, rule: Rule, values: list[str], claims: Mapping[str, Any]) -> Iterator[str]:
    """Give the areas that a rule gives; what is neither a name in the file nor written as ours are is none."""
    if rule.areas:
        yield from rule.areas
        return
    if rule.areas_claim is not None:
        told = _all(claims, rule.areas_claim)
    else:
        before, _, after = (rule.value or "").partition(AREA)
        told = [_between(value, before, after) for value in values]
    for name in told:
        area = provider.area_names.get(name, name)
        if AREA_NAME.fullmatch(area):
            yield area


def _between(value: str, before: str, after: str) -> str:
    """Give what stands in a value between a beginning and an end; empty where it has not both."""
    is_whole = len(value) >= len(before) + len(after) and value.startswith(before) and value.endswith(after)
    return value[len(before) : len(value) - len(after)] if is_whole else ""


def _all(claims: Mapping[str, Any], claim: str) -> list[str]:
    """Give the texts in a claim: one, or those of a list. A claim inside others is written with dots.

    A claim whose own name holds dots, such as an address, comes first.
    """
    found: Any = claims
    if claim in claims:
        found = claims[claim]
    else:
        for step in claim.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list) else [found]
    return [value for value in listed[:MAX_VALUES] if isinstance(value, str) and value]
