"""Who registered an organisation first, on which scale each area uses an instrument, and which areas plans wait for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; what the log says of the first registration counts, and every scale stays where it is used.

    A scale of which every measurement is erased holds for every area, as it did before.
    """
    op.add_column("organisation", sa.Column("registered_by", sa.Text(), nullable=True))
    op.execute(
        """
        UPDATE organisation SET registered_by = substring(first.source FROM '^/areas/(.*)$')
        FROM (
            SELECT DISTINCT ON (body::json #>> '{data,organisation}')
                   body::json #>> '{data,organisation}' AS organisation, source
            FROM event_log WHERE type = 'dk.helhedsnet.organisation.registered.v1'
            ORDER BY body::json #>> '{data,organisation}', sequence
        ) AS first
        WHERE organisation.organisation = first.organisation
        """
    )
    op.drop_constraint("measurement_instrument_known", "measurement", type_="foreignkey")
    op.add_column("instrument", sa.Column("area", sa.Text(), nullable=True))
    op.drop_constraint("instrument_key", "instrument", type_="primary")
    op.execute(
        """
        INSERT INTO instrument (area, instrument, scale_min, scale_max)
        SELECT area.area, instrument, scale_min, scale_max FROM instrument CROSS JOIN area
        WHERE EXISTS (
            SELECT FROM measurement JOIN activity USING (activity)
            WHERE measurement.instrument = instrument.instrument AND activity.area = area.area
        ) OR NOT EXISTS (SELECT FROM measurement WHERE measurement.instrument = instrument.instrument)
        """
    )
    op.execute("DELETE FROM instrument WHERE area IS NULL")
    op.alter_column("instrument", "area", nullable=False)
    op.create_primary_key("instrument_key", "instrument", ["area", "instrument"])
    op.create_foreign_key("instrument_area_known", "instrument", "area", ["area"], ["area"])
    op.add_column("plan", sa.Column("invited", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.alter_column("plan", "invited", server_default=None)
    op.create_check_constraint("plan_invites_no_area_of_its_own", "plan", "NOT areas && invited")


def downgrade() -> None:
    """Go back to the one before; of several scales of one instrument the narrowest stays."""
    op.drop_column("plan", "invited")
    op.drop_constraint("instrument_area_known", "instrument", type_="foreignkey")
    op.drop_constraint("instrument_key", "instrument", type_="primary")
    op.execute(
        """
        DELETE FROM instrument AS wider USING instrument AS narrower
        WHERE wider.instrument = narrower.instrument
          AND (wider.scale_max - wider.scale_min, wider.area) > (narrower.scale_max - narrower.scale_min, narrower.area)
        """
    )
    op.drop_column("instrument", "area")
    op.create_primary_key("instrument_key", "instrument", ["instrument"])
    op.create_foreign_key("measurement_instrument_known", "measurement", "instrument", ["instrument"], ["instrument"])
    op.drop_column("organisation", "registered_by")
