"""A cache keeps what was used last, and never more than its limit."""

import random

from shared.recent import Recent


def test_the_entry_that_was_used_longest_ago_goes_first() -> None:
    """To find an entry is to use it, and so is to keep it again."""
    recent: Recent[str, int] = Recent(3)
    for number, name in enumerate("abc"):
        recent.keep(name, number)
    assert recent.find("a") == 0
    assert recent.keep("b", 7) == 7
    recent.keep("d", 3)
    assert [recent.find(name) for name in "abcd"] == [0, 7, None, 3]


def test_sizes_together_stay_within_the_limit() -> None:
    """One large entry takes the place of many, and one that is kept anew counts with its new size alone."""
    recent: Recent[str, str] = Recent(10)
    for name in "abcd":
        recent.keep(name, name, 2)
    recent.keep("a", "A", 4)
    assert [recent.find(name) for name in "bcda"] == ["b", "c", "d", "A"]
    recent.keep("e", "e", 5)
    assert [recent.find(name) for name in "bcdae"] == [None, None, None, "A", "e"]


def test_what_is_larger_than_the_limit_is_returned_and_not_kept() -> None:
    """Nothing is left then, and what comes next is kept as ever."""
    recent: Recent[str, str] = Recent(2)
    recent.keep("a", "a")
    assert recent.keep("b", "b", 3) == "b"
    assert [recent.find(name) for name in "ab"] == [None, None]
    recent.keep("c", "c", 2)
    assert recent.find("c") == "c"


def test_what_is_cleared_takes_no_room() -> None:
    """The whole limit is free again."""
    recent: Recent[str, int] = Recent(2)
    recent.keep("a", 1, 2)
    recent.clear()
    assert recent.find("a") is None
    recent.keep("b", 2)
    recent.keep("c", 3)
    assert [recent.find(name) for name in "bc"] == [2, 3]


def test_it_is_the_plainest_cache_that_one_could_write() -> None:
    """Any uses, in any order, find what a list finds whose last is the one used last."""
    for seed in range(50):
        chosen = random.Random(seed)  # noqa: S311  drawn from a seed, to be drawn again
        recent: Recent[int, int] = Recent(12)
        plain: list[tuple[int, int, int]] = []
        for value in range(200):
            key, size = chosen.randrange(8), chosen.randrange(1, 6)
            found = next((entry for entry in plain if entry[0] == key), None)
            plain = [entry for entry in plain if entry[0] != key]
            if chosen.random() < 0.5:
                assert recent.find(key) == (found[1] if found else None), seed
                plain += [found] if found else []
            else:
                recent.keep(key, value, size)
                plain.append((key, value, size))
                while sum(entry[2] for entry in plain) > 12:
                    plain.pop(0)
