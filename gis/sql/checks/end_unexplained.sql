SELECT p.row_id, NULL::float8 AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, p.geom
FROM checked_point AS p
JOIN point_use AS u USING (row_id)
LEFT JOIN point_kind AS f ON (f.class_code, f.role, f.code) = (p.class_code, 'feature', p.feature)
WHERE u.lines_at_most = 1 AND p.appendage = '' AND p.feature <> 'riser' AND f.acts_as IS NULL
