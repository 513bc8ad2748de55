-- When disposal ran in each of some cases, in order; seconds since 1970 UTC, ended = -1 while it runs.
SELECT case_id, round, floor(extract(epoch FROM started_at))::bigint AS started,
       coalesce(floor(extract(epoch FROM ended_at)), -1)::bigint AS ended
FROM case_interval
WHERE stage = 'dispose' AND case_id = ANY (:ids)
ORDER BY case_id, started_at, id
