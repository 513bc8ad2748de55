-- 废弃 lines that still meet a line in use of their class. One of those is named.
SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('other', used.number) AS detail, s.geom
FROM checked_line AS s
JOIN LATERAL (
    SELECT number FROM (
        SELECT o.number, o.row_id FROM checked_line AS o
        WHERE o.start_row IN (s.start_row, s.end_row) AND o.usage_status = '0' AND o.class_code = s.class_code
        UNION ALL
        SELECT o.number, o.row_id FROM checked_line AS o
        WHERE o.end_row IN (s.start_row, s.end_row) AND o.usage_status = '0' AND o.class_code = s.class_code
    ) AS o ORDER BY row_id LIMIT 1) AS used ON true
WHERE s.usage_status = '1'
