-- The last day of an enrolment, null while it lasts: its activity ends, its course is closed, or the participant leaves
-- after having enrolled. Of `enrolment`, its `course` or none, and the activity as `scope`.
least(scope.ended_on, course.closed_on, (SELECT min(leaving.left_on) FROM leaving
    WHERE leaving.activity = enrolment.activity AND leaving.participant = enrolment.participant
      AND leaving.sequence > enrolment.sequence))
