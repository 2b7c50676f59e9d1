"""Sets of people as whole numbers, a bit for each person: a small part of the memory that Python's sets take. Pure."""

from collections.abc import Iterable, Iterator

Crowd = int
NOBODY: Crowd = 0


def crowd_of(numbers: Iterable[int]) -> Crowd:
    """Give the set of people with these numbers, from 0."""
    found = NOBODY
    for number in numbers:
        found |= 1 << number
    return found


def numbers_in(crowd: Crowd) -> Iterator[int]:
    """Give the numbers of the people in a set, in order."""
    return (number for number in range(crowd.bit_length()) if crowd >> number & 1)
