-- Points where one line ends, beside a line of their sub-class that neither meets them nor their own line's far end.
-- What is an end by its kind (a cap, an inlet) may lie beside another line.
SELECT e.row_id, near.m AS value, CAST(:limit AS float8) AS limit_value,
       jsonb_build_object('other', near.number) AS detail, e.geom
FROM (SELECT p.row_id, p.class_code, p.sub_code, p.geom
      FROM checked_point AS p
      JOIN point_use AS u USING (row_id)
      LEFT JOIN point_kind AS f ON (f.class_code, f.role, f.code) = (p.class_code, 'feature', p.feature)
      LEFT JOIN point_kind AS a ON (a.class_code, a.role, a.code) = (p.class_code, 'appendage', p.appendage)
      WHERE p.is_subject AND u.lines_at_most = 1
        AND coalesce(a.acts_as, f.acts_as, '') NOT IN ('end', 'inlet', 'outlet')) AS e
JOIN checked_line AS own ON e.row_id IN (own.start_row, own.end_row)
CROSS JOIN LATERAL (
    SELECT s.number, ST_Distance(e.geom, s.geom) AS m
    FROM checked_line AS s
    WHERE ST_DWithin(e.geom, s.geom, :limit) AND s.class_code = e.class_code
      AND s.sub_code = e.sub_code AND s.stays AND s.row_id <> own.row_id
      AND NOT coalesce(s.start_row IN (own.start_row, own.end_row) OR s.end_row IN (own.start_row, own.end_row), false)
    ORDER BY m LIMIT 1) AS near
