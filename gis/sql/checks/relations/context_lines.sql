-- Lines of the network beside those of an import: those in its squares, and those of the same survey that
-- meet its points and that it does not bring itself; lines at a point that has stayed lie in its square.
-- :adds and :keeps as in context_points.sql.
INSERT INTO joined_line
WITH here AS MATERIALIZED (
    SELECT p.id AS living_id, c.row_id, ST_DWithin(p.geom, c.geom, 100) IS NOT TRUE AS has_moved
    FROM checked_point AS c
    JOIN pipe_point AS p ON p.survey = :survey AND p.point_no = c.number AND p.valid_to IS NULL
    WHERE c.survey = :survey AND c.occurrence = 1
), beside AS (
    SELECT around.id
    FROM (SELECT DISTINCT floor(ST_X(geom) / 200) AS i, floor(ST_Y(geom) / 200) AS j
          FROM checked_point WHERE is_subject AND geom IS NOT NULL) AS square
    JOIN pipe_segment AS around
      ON around.geom && ST_MakeEnvelope(200 * i, 200 * j, 200 * (i + 1), 200 * (j + 1), CAST(:srid AS integer))
    WHERE around.valid_to IS NULL
    UNION
    SELECT s.id FROM here JOIN pipe_segment AS s ON s.start_point_id = here.living_id
    WHERE here.has_moved AND s.valid_to IS NULL
    UNION
    SELECT s.id FROM here JOIN pipe_segment AS s ON s.end_point_id = here.living_id
    WHERE here.has_moved AND s.valid_to IS NULL
    UNION
    SELECT known.id
    FROM joined_line AS staged
    JOIN pipe_segment AS known ON known.survey = :survey AND known.segment_no = staged.number
    WHERE :adds AND known.valid_to IS NULL
)
SELECT -s.id, false, :keeps OR s.survey <> :survey, s.survey, s.segment_no, 1, 1, s.class_code, s.sub_code,
       '', '', coalesce(a.row_id, -s.start_point_id), coalesce(b.row_id, -s.end_point_id),
       NULL, NULL, s.start_depth_m, s.end_depth_m, s.start_level, s.end_level, s.width_mm, s.height_mm,
       s.material, s.laying, s.pressure_band, s.flow_direction, s.total_holes, s.used_holes, s.year_laid,
       s.usage_status, s.surveyed_on, '', '', NULL, '{}', true, ST_Force2D(s.geom)
FROM beside
JOIN pipe_segment AS s ON s.id = beside.id
LEFT JOIN here AS a ON a.living_id = s.start_point_id
LEFT JOIN here AS b ON b.living_id = s.end_point_id
LEFT JOIN (SELECT DISTINCT number FROM joined_line WHERE NOT :adds) AS brought
       ON brought.number = s.segment_no AND s.survey = :survey
WHERE brought.number IS NULL
