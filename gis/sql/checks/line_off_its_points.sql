SELECT s.row_id, gap.m AS value, CAST(:limit AS float8) AS limit_value, NULL::jsonb AS detail, s.geom
FROM checked_line AS s
JOIN checked_point AS a ON a.row_id = s.start_row
JOIN checked_point AS b ON b.row_id = s.end_row
CROSS JOIN LATERAL (SELECT greatest(ST_Distance(ST_StartPoint(s.geom), a.geom),
                                    ST_Distance(ST_EndPoint(s.geom), b.geom)) AS m) AS gap
WHERE s.is_drawn AND gap.m > :limit
