-- Who withdrew, by a digest of each pseudonym with its salt, in each activity that the registry names. $1 are withdrawals
-- as JSON. Lines of logs from before had one digest, without a salt.
SELECT event.sequence, decode(coalesce(outcome.salt, ''), 'hex') AS salt, digest.value AS digest,
       outcome.keep_totals_from, activity.name AS activity
FROM json_to_recordset($1) AS event(sequence bigint, outcome jsonb),
     jsonb_to_record(event.outcome) AS outcome(participant_sha256 text, activities text[], keep_totals_from int,
                                               salt text, erased jsonb),
     jsonb_to_recordset(coalesce(outcome.erased, jsonb_build_array(jsonb_build_object(
         'digests', jsonb_build_array(outcome.participant_sha256), 'activities', outcome.activities
     )))) AS erased(digests text[], activities text[]),
     unnest(erased.digests) AS digest(value), unnest(erased.activities) AS activity(name)
