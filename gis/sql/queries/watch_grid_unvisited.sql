-- Unit grids of a duty grid that nobody visited in the :weeks before :ends, though its inspectors left tracks
-- elsewhere meanwhile: where nobody shares a track, nothing can be said. Cases: what the public reported there.
WITH walking AS (
    SELECT o.duty_grid_id, count(*) AS inspectors,
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM patrol_point AS t
               WHERE t.person_id = o.person_id AND t.at >= :ends - make_interval(weeks => :weeks) AND t.at < :ends
           )) AS tracked
    FROM person_duty_grid AS o
    GROUP BY 1
), grids AS (
    SELECT g.id, g.code, g.name, d.name AS duty_grid, w.inspectors, w.tracked,
           (SELECT max(t.at) FROM patrol_point AS t WHERE t.unit_grid_id = g.id AND t.at < :ends) AS visited_at
    FROM unit_grid AS g
    JOIN duty_grid AS d ON d.id = g.duty_grid_id AND d.valid_to IS NULL
    JOIN walking AS w ON w.duty_grid_id = d.id AND w.tracked > 0
    WHERE g.valid_to IS NULL
)
SELECT g.code AS subject, coalesce(nullif(g.name, ''), g.code) AS name, NULL AS name_en,
       coalesce(extract(epoch FROM :ends - g.visited_at) / 604800, 1000)::float8 AS weight,
       jsonb_build_object('visited_at', g.visited_at, 'duty_grid', g.duty_grid, 'inspectors', g.inspectors,
                          'tracked', g.tracked, 'public_cases', coalesce(p.total, 0)) AS figures,
       p.cases, coalesce(p.total, 0) AS cases_total
FROM grids AS g
LEFT JOIN LATERAL (
    SELECT count(*) AS total, (array_agg(c.case_no ORDER BY c.id DESC))[1:20] AS cases
    FROM "case" AS c
    WHERE c.unit_grid_id = g.id AND c.source NOT IN ('inspector', 'imported')
      AND c.reported_at >= :begins AND c.reported_at < :ends
) AS p ON true
WHERE g.visited_at IS NULL OR g.visited_at < :ends - make_interval(weeks => :weeks)
