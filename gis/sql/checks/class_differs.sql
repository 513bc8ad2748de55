SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       CASE WHEN a.class_code <> s.class_code
            THEN jsonb_build_object('number', a.number, 'class', s.class_code, 'other_class', a.class_code)
            ELSE jsonb_build_object('number', b.number, 'class', s.class_code, 'other_class', b.class_code)
       END AS detail, s.geom
FROM checked_line AS s
LEFT JOIN checked_point AS a ON a.row_id = s.start_row
LEFT JOIN checked_point AS b ON b.row_id = s.end_row
WHERE s.class_known AND (a.class_code <> s.class_code OR b.class_code <> s.class_code)
