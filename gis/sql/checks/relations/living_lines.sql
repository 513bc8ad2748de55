-- Lines of the network in force within the scope of a run ({lines}), and those around it ({beside}).
CREATE TEMPORARY TABLE joined_line ON COMMIT DROP AS
SELECT s.id AS row_id, {lines} AS is_subject, true AS stays, CAST(s.survey AS text) AS survey,
       CAST(s.segment_no AS text) AS number, 1 AS occurrence, 1 AS occurrences,
       CAST(s.class_code AS text) AS class_code, CAST(s.sub_code AS text) AS sub_code,
       CAST('' AS text) AS start_no, CAST('' AS text) AS end_no, s.start_point_id AS start_row,
       s.end_point_id AS end_row, a.ground_level AS start_ground, b.ground_level AS end_ground,
       s.start_depth_m, s.end_depth_m, s.start_level, s.end_level, s.width_mm, s.height_mm,
       CAST(s.material AS text) AS material, CAST(s.laying AS text) AS laying,
       CAST(s.pressure_band AS text) AS pressure_band, CAST(s.flow_direction AS text) AS flow_direction,
       s.total_holes, s.used_holes, s.year_laid, CAST(s.usage_status AS text) AS usage_status, s.surveyed_on,
       CAST('' AS text) AS file, CAST('' AS text) AS sheet, CAST(NULL AS integer) AS row_no,
       CAST('{{}}' AS jsonb) AS unread, true AS is_drawn, ST_Force2D(s.geom) AS geom
FROM pipe_segment AS s
LEFT JOIN checked_point AS a ON a.row_id = s.start_point_id
LEFT JOIN checked_point AS b ON b.row_id = s.end_point_id
WHERE s.valid_to IS NULL AND ({lines} OR {beside})
