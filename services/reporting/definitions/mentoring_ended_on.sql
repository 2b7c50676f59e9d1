-- The last day of a mentor's part in an activity, null while it lasts: the activity ends, or the mentor is released
-- after having been engaged. Of `mentoring` as `engaged`, and the activity as `scope`.
least(scope.ended_on, (SELECT min(released.changed_on) FROM mentoring AS released
    WHERE released.activity = engaged.activity AND released.organisation = engaged.organisation
      AND NOT released.is_engaged AND released.sequence > engaged.sequence))
