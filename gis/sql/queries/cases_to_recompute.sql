-- The next cases whose deadline the calendar may move, locked, in the order of their ids.
-- Open ones; with "closed" those that are closed too. Moments are whole seconds since 1970 UTC, -1 where none.
SELECT id, state, limit_value, limit_unit, rule_code,
       extension_count > 0 AS extended,
       floor(extract(epoch FROM reported_at))::bigint AS reported,
       coalesce(floor(extract(epoch FROM filed_at)), -1)::bigint AS filed,
       coalesce(floor(extract(epoch FROM suspended_until)), -1)::bigint AS suspended_until,
       coalesce(floor(extract(epoch FROM due_at)), -1)::bigint AS due,
       coalesce(floor(extract(epoch FROM warn_at)), -1)::bigint AS warn,
       due_is_provisional AS provisional
FROM "case"
WHERE id > :after AND (stage IS NOT NULL OR (:closed AND state = 'closed'))
ORDER BY id
LIMIT :size
FOR NO KEY UPDATE
