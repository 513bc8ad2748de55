SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('number', coalesce(p.number, s.start_no)) AS detail, coalesce(p.geom, s.geom) AS geom
FROM checked_line AS s
LEFT JOIN checked_point AS p ON p.row_id = s.start_row
WHERE s.start_row = s.end_row OR s.start_no = nullif(s.end_no, '')
