-- What moved on commitments, event by event: every event adds what it says to one figure or to several. $1 the figure,
-- $2 an area whose plans are meant, $3 a plan, $4 a kind of funder, $5 a commitment, each null for all, $6 the first day,
-- $7 the last, $8 and $9 the place after which to go on, $10 how many, $11 the seed of a sample or null.
WITH entry AS (
    SELECT sequence, movement.commitment AS key, moved_on AS day, commitment.plan, movement.commitment, fact,
           CASE WHEN spent_ore > 0 THEN 'expense.booked' WHEN spent_ore < 0 THEN 'expense.reversed'
                WHEN committed_ore <> 0 THEN 'funding.committed' WHEN received_ore <> 0 THEN 'funding.received'
                ELSE 'funding.released' END AS type,
           CASE $1 WHEN 'committed_ore' THEN committed_ore
                   WHEN 'unconfirmed_ore' THEN CASE WHEN confirmed_on IS NULL THEN committed_ore ELSE 0 END
                   WHEN 'released_ore' THEN released_ore
                   WHEN 'received_ore' THEN received_ore WHEN 'spent_ore' THEN spent_ore
                   ELSE received_ore - spent_ore END AS amount
    FROM movement JOIN commitment USING (commitment) JOIN plan USING (plan)
         LEFT JOIN confirmation ON confirmation.commitment = movement.commitment
              AND confirmed_on <= coalesce($7::date, 'infinity')
    WHERE ($2::text IS NULL OR plan.areas @> ARRAY[$2]) AND ($3::text IS NULL OR plan.plan = $3)
      AND ($4::text IS NULL OR commitment.funder_kind = $4) AND ($5::text IS NULL OR commitment.commitment = $5)
      AND ($6::date IS NULL OR moved_on >= $6) AND ($7::date IS NULL OR moved_on <= $7)
), counted AS (
    SELECT * FROM entry WHERE amount <> 0
), total AS (
    SELECT count(*) AS entries, count(DISTINCT sequence) AS events, coalesce(sum(amount), 0)::bigint AS total
    FROM counted
), page AS (
    SELECT *, CASE WHEN $11::text IS NOT NULL
                   THEN sha256(convert_to($11 || ':' || sequence || ':' || key, 'UTF8')) END AS rank
    FROM counted WHERE (sequence, key) > ($8::bigint, $9::text)
    ORDER BY rank, sequence, key LIMIT $10
)
SELECT total.*, page.sequence, page.key, page.type, page.day, page.plan, page.commitment,
       coalesce(page.fact, page.commitment) AS fact, expense.voucher, expense.text, expense.line, expense.area,
       expense.activity,
       CASE page.type WHEN 'funding.received' THEN receipt.reference
                      WHEN 'funding.committed' THEN commitment.reference END AS reference, page.amount
FROM total LEFT JOIN page ON true
     LEFT JOIN expense ON page.type LIKE 'expense.%' AND expense.expense = page.fact
     LEFT JOIN receipt ON page.type = 'funding.received' AND receipt.receipt = page.fact
     LEFT JOIN commitment ON commitment.commitment = page.commitment
ORDER BY page.sequence, page.key;
