-- All pools, the oldest first, with what each carries on of another.
SELECT pool, crosswalk FROM pool ORDER BY start_on, pool;
