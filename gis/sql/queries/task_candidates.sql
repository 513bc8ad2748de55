-- The inspector who is to look at the place of case :case_id, and how many others would do; no row where nobody fits.
-- Those of the case's duty grid come first, and the others only where there is none of them; then who is nearest, in
-- bands of :band_m metres; then who has the fewest open tasks. :person_id, where given, is the only one asked about.
WITH here AS MATERIALIZED (
    SELECT c.location, c.community_id, c.street_id, s.parent_id AS district_id, c.reporter_id,
           coalesce(c.duty_grid_id, g.duty_grid_id) AS duty_grid_id
    FROM "case" AS c
    JOIN unit_grid AS g ON g.id = c.unit_grid_id
    JOIN area AS s ON s.id = c.street_id
    WHERE c.id = :case_id
), eligible AS MATERIALIZED (
    SELECT p.id, p.shares_track,
           EXISTS (SELECT FROM person_duty_grid AS o
                   WHERE o.person_id = p.id AND o.duty_grid_id = here.duty_grid_id) AS of_duty_grid,
           CAST(:kind AS text) = 'check' AND p.id = here.reporter_id AS own_report
    FROM here, person AS p
    WHERE p.role = 'inspector' AND p.active
      AND (CAST(:person_id AS bigint) IS NULL OR p.id = CAST(:person_id AS bigint))
      -- No area at all means the whole city.
      AND (NOT EXISTS (SELECT FROM person_area AS a WHERE a.person_id = p.id)
           OR EXISTS (SELECT FROM person_area AS a
                      WHERE a.person_id = p.id
                        AND a.area_id IN (here.community_id, here.street_id, here.district_id)))
      AND NOT EXISTS (SELECT FROM app.parties_to_repair(:case_id) AS party WHERE party.person_id = p.id)
), pool AS (
    SELECT * FROM eligible WHERE of_duty_grid OR NOT EXISTS (SELECT FROM eligible WHERE of_duty_grid)
)
SELECT pool.id AS person_id, pool.of_duty_grid, coalesce(pool.own_report, false) AS own_report,
       coalesce(seen.distance_m, usual.distance_m) AS distance_m, seen.distance_m IS NOT NULL AS by_track,
       busy.open_tasks, count(*) OVER () AS candidates, duty_grid.code AS duty_grid
FROM here
CROSS JOIN pool
LEFT JOIN duty_grid ON duty_grid.id = here.duty_grid_id
LEFT JOIN LATERAL (
    SELECT ST_Distance(t.location, here.location) AS distance_m
    FROM patrol_point AS t
    WHERE pool.shares_track AND t.person_id = pool.id AND t.at BETWEEN :seen_since AND :seen_until
    ORDER BY t.at DESC
    LIMIT 1
) AS seen ON true
-- Who does not tell where he is stands, as a guess, in the middle of what he patrols.
LEFT JOIN LATERAL (
    SELECT min(ST_Distance(ST_Centroid(g.geom), here.location)) AS distance_m
    FROM person_duty_grid AS o
    JOIN duty_grid AS g ON g.id = o.duty_grid_id AND g.valid_to IS NULL
    WHERE o.person_id = pool.id AND (g.id = here.duty_grid_id OR NOT pool.of_duty_grid)
) AS usual ON seen.distance_m IS NULL
CROSS JOIN LATERAL (
    SELECT count(*) AS open_tasks FROM case_task AS t
    WHERE t.assignee_id = pool.id AND t.ended_at IS NULL AND t.case_id <> :case_id
) AS busy
ORDER BY pool.of_duty_grid DESC, coalesce(pool.own_report, false),
         floor(coalesce(seen.distance_m, usual.distance_m) / :band_m) NULLS LAST, busy.open_tasks, pool.id
LIMIT 1
