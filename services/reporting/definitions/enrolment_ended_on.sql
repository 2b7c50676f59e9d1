-- The last day of an enrolment, null while it lasts: its activity ends, its course is closed, or the participant leaves
-- after having enrolled; what was merged from two pseudonyms ended as each of them said until then. Of `enrolment`, its
-- `course` or none, and the activity as `scope`.
least(scope.ended_on, course.closed_on, enrolment.ended_on, (SELECT min(leaving.left_on) FROM leaving
    WHERE leaving.activity = enrolment.activity AND leaving.participant = enrolment.participant
      AND leaving.sequence > coalesce(enrolment.merged_sequence, enrolment.sequence)))
