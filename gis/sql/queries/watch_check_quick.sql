-- Checks that were passed less than :seconds after the department had handed over.
SELECT c.case_no || '/' || s.seq AS subject, c.case_no AS name, NULL AS name_en, -h.seconds AS weight,
       jsonb_build_object('seconds', h.seconds, 'person', p.name, 'at', s.at) AS figures,
       ARRAY[c.case_no] AS cases, 1 AS cases_total
FROM case_step AS s
JOIN "case" AS c ON c.id = s.case_id
LEFT JOIN person AS p ON p.id = s.actor_id
CROSS JOIN LATERAL (
    SELECT extract(epoch FROM s.at - f.at)::float8 AS seconds
    FROM case_step AS f
    WHERE f.case_id = s.case_id AND f.seq < s.seq AND f.action = 'feed_back'
    ORDER BY f.seq DESC
    LIMIT 1
) AS h
WHERE s.action = 'check' AND s.at >= :begins AND s.at < :ends AND h.seconds < :seconds
