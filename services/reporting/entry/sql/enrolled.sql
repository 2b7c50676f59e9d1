-- Who was in an activity on a day, both ends included, by pseudonym. $1 the activity, $2 the day.
SELECT DISTINCT participant
FROM enrolment JOIN activity AS scope USING (activity) LEFT JOIN course USING (course)
WHERE enrolment.activity = $1 AND enrolled_on <= $2 AND coalesce({{enrolment_ended_on}} >= $2, true)
ORDER BY participant;
