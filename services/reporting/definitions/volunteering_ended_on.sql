-- The last day of a volunteer's role, null while it lasts: its activity ends, or the role is given up after it was
-- taken; what was merged from two pseudonyms ended as each of them said until then. Of `volunteering` as `taken`, and
-- the activity as `scope`.
least(scope.ended_on, taken.ended_on, (SELECT min(given_up.changed_on) FROM volunteering AS given_up
    WHERE given_up.activity = taken.activity AND given_up.volunteer = taken.volunteer
      AND given_up.role = taken.role AND NOT given_up.is_engaged
      AND given_up.sequence > coalesce(taken.merged_sequence, taken.sequence)))
