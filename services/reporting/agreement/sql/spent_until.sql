-- What each plan has spent by its budget's lines at a place of funding's log that reporting has passed. $1 the sequence.
WITH later AS (
    SELECT plan, sum(spent_ore) AS spent_ore
    FROM movement JOIN commitment USING (commitment) WHERE movement.sequence > $1 GROUP BY plan
), rolled AS (
    SELECT plan, sum(spent_ore) AS spent_ore FROM line_month GROUP BY plan
)
SELECT plan, coalesce(rolled.spent_ore, 0) - coalesce(later.spent_ore, 0) AS spent_ore
FROM rolled FULL JOIN later USING (plan)
ORDER BY plan;
