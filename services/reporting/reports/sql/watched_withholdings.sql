-- The commitments whose payouts are held back at the end of a day, since when and why. $1 the day.
SELECT commitment.commitment, commitment.plan, word.changed_on AS since, word.reason
FROM commitment JOIN LATERAL (
    SELECT is_withheld, changed_on, reason FROM withholding
    WHERE withholding.commitment = commitment.commitment AND changed_on <= $1 ORDER BY sequence DESC LIMIT 1
) AS word ON word.is_withheld
ORDER BY word.changed_on, commitment.commitment;
