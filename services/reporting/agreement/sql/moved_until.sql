-- What each commitment comes to by each of the rollups at a place of funding's log that reporting has passed: what moved
-- after it is taken off again. A commitment whose own event is not folded has no plan yet. $1 the sequence.
WITH later AS (
    SELECT commitment, sum(committed_ore) AS committed_ore, sum(released_ore) AS released_ore,
           sum(received_ore) AS received_ore, sum(spent_ore) AS spent_ore
    FROM movement WHERE sequence > $1 GROUP BY commitment
), rolled AS (
    SELECT 'commitment_day' AS rollup, commitment, sum(committed_ore) AS committed_ore,
           sum(released_ore) AS released_ore, sum(received_ore) AS received_ore, sum(spent_ore) AS spent_ore
    FROM commitment_day GROUP BY commitment
    UNION ALL
    SELECT 'commitment_month', commitment, sum(committed_ore), sum(released_ore), sum(received_ore), sum(spent_ore)
    FROM commitment_month GROUP BY commitment
)
SELECT rollup, coalesce(plan, '') AS plan, commitment,
       rolled.committed_ore - coalesce(later.committed_ore, 0) AS committed_ore,
       rolled.released_ore - coalesce(later.released_ore, 0) AS released_ore,
       rolled.received_ore - coalesce(later.received_ore, 0) AS received_ore,
       rolled.spent_ore - coalesce(later.spent_ore, 0) AS spent_ore
FROM rolled LEFT JOIN later USING (commitment) LEFT JOIN commitment USING (commitment)
ORDER BY rollup, commitment;
