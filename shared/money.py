"""Money in integer øre. Owns how an amount is divided; never touches a float."""

from collections.abc import Mapping


def split(amount_ore: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Divide an amount in proportion to weights, by the method of largest remainder, so that the øre add up.

    Ties go to the larger weight, then to the name that sorts first, so that the same input always gives the same
    shares. A party of weight 0 gets 0.

    Raises:
        ValueError: the amount is negative, a weight is negative, or all weights are 0.

    Source: Hamilton's method; M. Balinski & H. P. Young, "Fair Representation", 2001, appendix A.
    """
    total = sum(weights.values())
    if amount_ore < 0 or total <= 0 or min(weights.values()) < 0:
        raise ValueError(f"cannot split {amount_ore} øre over weights {dict(weights)}")
    shares = {name: amount_ore * weight // total for name, weight in weights.items()}
    left_over_ore = amount_ore - sum(shares.values())
    if not left_over_ore:
        return shares
    by_remainder = sorted(weights, key=lambda name: (-(amount_ore * weights[name] % total), -weights[name], name))
    for name in by_remainder[:left_over_ore]:
        shares[name] += 1
    return shares


def percent(part_ore: int, whole_ore: int) -> float | None:
    """Give a part as per cent of the whole, rounded half up to one decimal; None when there is no whole.

    The rounding is done on integers; the float only carries the printed digits.
    """
    if whole_ore == 0:
        return None
    return ((part_ore * 2000 + whole_ore) // (2 * whole_ore)) / 10
