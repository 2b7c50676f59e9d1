"""What every table of reporting is made from."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.backbone.tables import named_constraints


class Table(SQLModel, registry=registry(metadata=named_constraints())):
    """A table of reporting's database."""
