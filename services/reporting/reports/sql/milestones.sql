-- Of each plan at the end of a day: milestones by where they stand, and activities that somebody carries on. $1 the day.
SELECT plan.plan,
       (SELECT count(*) FROM milestone WHERE milestone.plan = plan.plan AND due_on IS NOT NULL) AS planned,
       (SELECT count(*) FROM milestone WHERE milestone.plan = plan.plan AND reached_on <= $1) AS reached,
       (SELECT count(*) FROM milestone WHERE milestone.plan = plan.plan AND due_on < $1
            AND (reached_on IS NULL OR reached_on > $1)) AS overdue,
       (SELECT count(*) FROM activity WHERE activity.plan = plan.plan AND anchored_on <= $1) AS anchored
FROM plan ORDER BY plan.plan;
