-- checked_point: the points of one import. Rows of the network that it touches follow (context_points.sql).
-- row_id: the staged row; of the network minus the point's id. is_subject: whether findings are told of it.
-- stays: false for what the import may replace, so that it is no rival of a staged row.
-- occurrence: which of the rows of one number it is; lines that name the number are joined to the first.
CREATE TEMPORARY TABLE checked_point ON COMMIT DROP AS
SELECT p.id AS row_id, true AS is_subject, true AS stays, CAST(:survey AS text) AS survey, n.number,
       CAST(row_number() OVER (PARTITION BY n.number ORDER BY p.id) AS integer) AS occurrence,
       CAST(count(*) OVER (PARTITION BY n.number) AS integer) AS occurrences,
       CAST(p.class_code AS text) AS class_code, CAST(p.sub_code AS text) AS sub_code,
       c.class_code IS NOT NULL AS class_known,
       p.feature AS feature, p.appendage AS appendage, nullif(p.ground_level, 'NaN') AS ground_level,
       nullif(btrim(p.extra->>'Map_No'), '') AS map_no, coalesce(btrim(p.extra->>'TFH'), '') AS map_sheet,
       p.file, p.sheet, CAST(p.row_no AS integer) AS row_no, p.unread,
       -- Infinite and NaN coordinates are no place.
       CASE WHEN ST_X(p.geom) BETWEEN -1e9 AND 1e9 AND ST_Y(p.geom) BETWEEN -1e9 AND 1e9 THEN p.geom END AS geom
FROM survey_staged_point AS p
CROSS JOIN LATERAL (SELECT nullif(btrim(p.point_no), '') AS number) AS n
LEFT JOIN pipe_class AS c ON (c.class_code, c.sub_code) = (p.class_code, p.sub_code)
WHERE p.import_id = :import_id
