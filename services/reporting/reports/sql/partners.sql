-- Who is or was partner of a plan by the end of a day. $1 the plan, $2 the day.
SELECT joined.organisation, organisation.name, organisation.kind, joined.role, joined.changed_on AS from_day,
       (SELECT min(gone.changed_on) FROM partnership AS gone
        WHERE gone.plan = joined.plan AND gone.organisation = joined.organisation AND gone.role = joined.role
          AND NOT gone.has_joined AND gone.sequence > joined.sequence AND gone.changed_on <= $2) AS until_day
FROM partnership AS joined LEFT JOIN organisation USING (organisation)
WHERE joined.plan = $1 AND joined.has_joined AND joined.changed_on <= $2
ORDER BY joined.changed_on, joined.organisation, joined.role, joined.sequence;
