-- The lines of one import, each joined to its points by their numbers; see line_columns.sql for the rest.
-- A line of a CJJ table has no drawing: it runs straight between its points.
CREATE TEMPORARY TABLE joined_line ON COMMIT DROP AS
SELECT s.id AS row_id, true AS is_subject, true AS stays, CAST(:survey AS text) AS survey, n.number,
       CAST(row_number() OVER (PARTITION BY n.number ORDER BY s.id) AS integer) AS occurrence,
       CAST(count(*) OVER (PARTITION BY n.number) AS integer) AS occurrences,
       CAST(s.class_code AS text) AS class_code, CAST(s.sub_code AS text) AS sub_code,
       n.start_no, n.end_no, a.row_id AS start_row, b.row_id AS end_row,
       coalesce(a.ground_level, nullif(s.start_ground, 'NaN')) AS start_ground,
       coalesce(b.ground_level, nullif(s.end_ground, 'NaN')) AS end_ground,
       s.start_depth_m, s.end_depth_m, s.start_level, s.end_level, s.width_mm, s.height_mm,
       CAST(s.material AS text) AS material, CAST(s.laying AS text) AS laying,
       CAST(s.pressure_band AS text) AS pressure_band, CAST(s.flow_direction AS text) AS flow_direction,
       s.total_holes, s.used_holes, s.year_laid, CAST(s.usage_status AS text) AS usage_status, s.surveyed_on,
       s.file, s.sheet, CAST(s.row_no AS integer) AS row_no, s.unread, s.geom IS NOT NULL AS is_drawn,
       CASE WHEN s.geom IS NULL THEN ST_MakeLine(a.geom, b.geom)
            -- NaN is greater than every number.
            WHEN ST_NPoints(s.geom) > 1 AND ST_Length(s.geom) < 1e9 THEN ST_Force2D(s.geom) END AS geom
FROM survey_staged_line AS s
CROSS JOIN LATERAL (SELECT nullif(btrim(s.segment_no), '') AS number, nullif(btrim(s.start_no), '') AS start_no,
                           nullif(btrim(s.end_no), '') AS end_no) AS n
LEFT JOIN checked_point AS a ON a.number = n.start_no AND a.survey = :survey AND a.occurrence = 1
LEFT JOIN checked_point AS b ON b.number = n.end_no AND b.survey = :survey AND b.occurrence = 1
WHERE s.import_id = :import_id
