SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('numbers', concat_ws(', ',
           CASE WHEN s.start_row IS NULL THEN coalesce(s.start_no, '–') END,
           CASE WHEN s.end_row IS NULL THEN coalesce(s.end_no, '–') END)) AS detail,
       -- Where the other end is, so that the map shows something.
       coalesce(s.geom, p.geom) AS geom
FROM checked_line AS s
LEFT JOIN checked_point AS p ON p.row_id = coalesce(s.start_row, s.end_row)
WHERE s.start_row IS NULL OR s.end_row IS NULL
