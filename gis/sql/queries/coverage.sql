-- Unit grids of person :person_id's duty grids, each with when it was first visited between :since and :until.
-- For another reader, :reader_id, only the duty grids of the reader's areas; no area at all means the whole city.
SELECT d.code AS duty_grid, d.name, g.code AS unit_grid, visit.visited_at
FROM person_duty_grid AS o
JOIN duty_grid AS d ON d.id = o.duty_grid_id AND d.valid_to IS NULL
JOIN area AS street ON street.id = d.street_id
JOIN unit_grid AS g ON g.duty_grid_id = d.id AND g.valid_to IS NULL
LEFT JOIN (
    SELECT t.unit_grid_id, min(t.at) AS visited_at
    FROM patrol_point AS t
    WHERE t.person_id = :person_id AND t.at >= :since AND t.at < :until
    GROUP BY t.unit_grid_id
) AS visit ON visit.unit_grid_id = g.id
WHERE o.person_id = :person_id
  AND (CAST(:reader_id AS bigint) IS NULL
       OR NOT EXISTS (SELECT FROM person_area AS a WHERE a.person_id = CAST(:reader_id AS bigint))
       OR EXISTS (SELECT FROM person_area AS a
                  WHERE a.person_id = CAST(:reader_id AS bigint) AND a.area_id IN (street.id, street.parent_id)))
ORDER BY d.code, g.code
