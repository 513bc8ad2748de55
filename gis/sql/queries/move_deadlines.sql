-- Give cases their new deadlines; seconds since 1970 UTC. In disposal they are those of the link too.
-- The version stays: nobody took a step, and who works on the case need not look again. An alarm that would
-- ring too late is taken away; the jobs soon give another one to what has none.
UPDATE "case" AS c
SET due_at = to_timestamp(n.due), warn_at = to_timestamp(n.warn), due_is_provisional = n.provisional,
    stage_due_at = CASE WHEN c.stage = 'dispose' THEN to_timestamp(n.due) ELSE c.stage_due_at END,
    stage_warn_at = CASE WHEN c.stage = 'dispose' THEN to_timestamp(n.warn) ELSE c.stage_warn_at END,
    alarm_at = CASE WHEN c.stage = 'dispose' AND c.alarm_at > to_timestamp(least(n.due, n.warn)) THEN NULL
                    ELSE c.alarm_at END,
    updated_at = now()
FROM unnest(CAST(:ids AS bigint[]), CAST(:due AS bigint[]), CAST(:warn AS bigint[]), CAST(:provisional AS boolean[]))
     AS n (id, due, warn, provisional)
WHERE c.id = n.id
