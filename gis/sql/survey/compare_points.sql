-- What accepting would do with each staged point of an import, and which living point it would change.
-- refused: no row of the network can hold it, an earlier row has its number, or (:adds) a living one has.
UPDATE survey_staged_point AS s SET change = c.change, living_id = c.living_id
FROM (
    SELECT r.staged_id, p.id AS living_id,
           CASE WHEN coalesce(r.point_no, '') = '' OR length(r.point_no) > 64 OR r.sub_code IS NULL OR r.geom IS NULL
                     OR row_number() OVER (PARTITION BY r.point_no ORDER BY r.staged_id) > 1 OR (:adds AND p.id IS NOT NULL) THEN 'refused'
                WHEN p.id IS NULL THEN 'new'
                WHEN {point_differs} OR ST_Distance(r.geom, p.geom) > 0.0006 THEN 'changed'
                ELSE 'same' END AS change
    FROM app.ready_point AS r
    LEFT JOIN pipe_point AS p ON p.survey = :survey AND p.point_no = r.point_no AND p.valid_to IS NULL
    WHERE r.import_id = :import_id
) AS c
WHERE s.id = c.staged_id
