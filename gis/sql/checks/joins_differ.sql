SELECT p.row_id, u.lines::float8 AS value, k.joins::float8 AS limit_value,
       jsonb_build_object('point_kind', jsonb_build_array(k.class_code, k.role, k.code)) AS detail, p.geom
FROM checked_point AS p
JOIN point_use AS u USING (row_id)
JOIN point_kind AS k ON k.class_code = p.class_code AND k.joins IS NOT NULL
                    AND (k.role = 'feature' AND k.code = p.feature OR k.role = 'appendage' AND k.code = p.appendage)
WHERE k.joins NOT BETWEEN u.lines AND u.lines_at_most AND p.occurrence = 1
