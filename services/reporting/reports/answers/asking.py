"""Who asks for the answers of a day, and what of them that reader is told."""

from services.reporting.reader.reading import own_areas, told_of
from services.reporting.reports.answers.service import AnswersReader
from shared.accounts import accounts_of
from shared.tokens import Identity


def answers_reader(reader: Identity) -> AnswersReader:
    """Give what a reader is told of: accounts as its role has them, live figures inside its own areas."""
    return AnswersReader(accounts_of(reader), frozenset(own_areas(reader)), told_of(reader))
