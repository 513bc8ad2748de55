-- checked_point: points of the network in force within the scope of a run ({points}), by their ids.
CREATE TEMPORARY TABLE checked_point ON COMMIT DROP AS
SELECT p.id AS row_id, true AS is_subject, true AS stays, CAST(p.survey AS text) AS survey,
       CAST(p.point_no AS text) AS number, 1 AS occurrence, 1 AS occurrences,
       CAST(p.class_code AS text) AS class_code, CAST(p.sub_code AS text) AS sub_code, true AS class_known,
       CAST(p.feature AS text) AS feature, CAST(p.appendage AS text) AS appendage,
       nullif(p.ground_level, 'NaN') AS ground_level,
       nullif(btrim(p.extra->>'Map_No'), '') AS map_no, coalesce(btrim(p.extra->>'TFH'), '') AS map_sheet,
       CAST('' AS text) AS file, CAST('' AS text) AS sheet, CAST(NULL AS integer) AS row_no,
       CAST('{{}}' AS jsonb) AS unread, p.geom AS geom
FROM pipe_point AS p
WHERE p.valid_to IS NULL AND {points}
