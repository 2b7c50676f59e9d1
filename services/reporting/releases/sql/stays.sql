-- Who was in which activity, from when to when, and in which of these months each came. An enrolment that ended before
-- it began, since its activity's end was said later, is none. In the order of their days: what was said of somebody last
-- is what was said of the latest day, whenever it was posted. $1 areas, $2 the release's last day.
WITH scope AS (
    SELECT activity.activity, activity.area, activity.ended_on
    FROM activity JOIN plan USING (plan) WHERE area = ANY ($1) AND started_on <= $2
), member AS (
    SELECT scope.area, scope.activity, enrolment.participant, enrolment.enrolled_on, enrolment.course,
           enrolment.age_band, enrolment.gender, {{enrolment_ended_on}} AS ended_on
    FROM enrolment JOIN scope USING (activity) LEFT JOIN course USING (course)
    WHERE enrolled_on <= $2
)
SELECT area, activity, participant, enrolled_on, ended_on, age_band, gender,
       ARRAY(SELECT month FROM presence
             WHERE presence.activity = member.activity AND presence.participant = member.participant
               AND sessions > 0 ORDER BY month) AS came_in
FROM member WHERE coalesce(ended_on, 'infinity') >= enrolled_on
ORDER BY area, enrolled_on, activity, participant, course, age_band, gender;
