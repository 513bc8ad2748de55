SELECT c.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('fields', bad.fields) AS detail, c.geom
FROM survey_staged_point AS p
JOIN checked_point AS c ON c.row_id = p.id
CROSS JOIN LATERAL (SELECT concat_ws(', ',
    CASE WHEN length(p.point_no) > 64 THEN 'point_no' END,
    CASE WHEN length(p.element_code) > 8 THEN 'element_code' END,
    CASE WHEN length(p.feature) > 32 THEN 'feature' END,
    CASE WHEN length(p.appendage) > 32 THEN 'appendage' END,
    CASE WHEN length(p.cover_shape) > 16 THEN 'cover_shape' END,
    CASE WHEN length(p.cover_material) > 16 THEN 'cover_material' END,
    CASE WHEN length(p.cover_size_mm) > 16 THEN 'cover_size_mm' END,
    CASE WHEN p.usage_status NOT IN (SELECT code FROM usage_status) THEN 'usage_status' END) AS fields) AS bad
WHERE p.import_id = :import_id AND bad.fields <> ''
