-- What moved on commitments, event by event: every event adds what it says to one figure or to several. $1 the
-- figure, $2 the first day, $3 the last, $4 and $5 the place after which to go on, $6 how many, $7 the seed of a
-- sample or null, $8 an area whose plans are meant, $9 a plan, $10 a kind of funder, $11 a commitment, each null for
-- all.
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
              AND confirmed_on <= coalesce($3::date, 'infinity')
    WHERE ($8::text IS NULL OR plan.areas @> ARRAY[$8]) AND ($9::text IS NULL OR plan.plan = $9)
      AND ($10::text IS NULL OR commitment.funder_kind = $10) AND ($11::text IS NULL OR commitment.commitment = $11)
      AND ($2::date IS NULL OR moved_on >= $2) AND ($3::date IS NULL OR moved_on <= $3)
), counted AS (
    SELECT * FROM entry WHERE amount <> 0
), {{ground_page}}
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
