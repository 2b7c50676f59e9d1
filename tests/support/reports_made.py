"""Reports made from a database by themselves, without the service around them."""

from services.reporting.figures.service import FigureAnswers
from services.reporting.releases.reading import Releases
from services.reporting.reports.service import Reports
from shared.database import Pool


def reports_of(pool: Pool) -> Reports:
    """Give what makes the reports of a database."""
    releases = Releases()
    return Reports(pool, releases, FigureAnswers(pool, releases))
