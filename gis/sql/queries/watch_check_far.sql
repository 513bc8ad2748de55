-- Checks on site by who was more than :metres away, by the nearest track point within :minutes or the place of the
-- photo of the check; where both are known the nearer one counts, and a point's own inexactness is taken off.
SELECT c.case_no || '/' || s.seq AS subject, c.case_no AS name, NULL AS name_en, d.metres AS weight,
       jsonb_build_object('metres', d.metres, 'person', p.name, 'at', s.at, 'track_metres', t.metres,
                          'photo_metres', h.metres) AS figures,
       ARRAY[c.case_no] AS cases, 1 AS cases_total
FROM case_step AS s
JOIN "case" AS c ON c.id = s.case_id
JOIN person AS p ON p.id = s.actor_id
LEFT JOIN LATERAL (
    SELECT greatest(ST_Distance(k.location, c.location) - coalesce(k.accuracy_m, 0), 0) AS metres
    FROM patrol_point AS k
    WHERE k.person_id = s.actor_id AND k.at >= s.at - make_interval(mins => :minutes)
      AND k.at <= s.at + make_interval(mins => :minutes)
    ORDER BY abs(extract(epoch FROM k.at - s.at))
    LIMIT 1
) AS t ON true
LEFT JOIN LATERAL (
    SELECT min(ST_Distance(a.taken_place, c.location)) AS metres
    FROM attachment AS a
    WHERE a.case_id = s.case_id AND a.stage = 'inspection' AND a.uploaded_by = s.actor_id AND a.taken_place IS NOT NULL
) AS h ON true
CROSS JOIN LATERAL (SELECT least(t.metres, h.metres) AS metres) AS d
WHERE s.action = 'check' AND s.actor_role = 'inspector' AND s.at >= :begins AND s.at < :ends AND d.metres > :metres
