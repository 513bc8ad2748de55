-- What waiting rows of surveys would be in the network, column for column; ends of lines still by number.

CREATE VIEW app.ready_point AS
SELECT s.id AS staged_id, s.import_id, s.change, s.living_id, s.is_clean, i.survey,
       s.point_no, s.class_code, s.sub_code, left(s.element_code, 8) AS element_code,
       left(s.feature, 32) AS feature, left(s.appendage, 32) AS appendage, s.ground_level, s.well_depth_m,
       left(s.cover_shape, 16) AS cover_shape, left(s.cover_material, 16) AS cover_material,
       left(s.cover_size_mm, 16) AS cover_size_mm, s.is_open, s.address, o.id AS owner_id, s.usage_status,
       s.built_on, s.surveyed_on, s.survey_unit, s.note, s.geom,
       app.kept_cells(s.extra, s.unread, n.names, CASE
           WHEN s.owner <> '' AND o.id IS NULL OR length(s.element_code) > 8 OR length(s.feature) > 32
                OR length(s.appendage) > 32 OR length(s.cover_shape) > 16 OR length(s.cover_material) > 16
                OR length(s.cover_size_mm) > 16
           THEN jsonb_build_object(
               'Belong', CASE WHEN o.id IS NULL THEN nullif(s.owner, '') END,
               'Code', CASE WHEN length(s.element_code) > 8 THEN s.element_code END,
               'Feature', CASE WHEN length(s.feature) > 32 THEN s.feature END,
               'Subsid', CASE WHEN length(s.appendage) > 32 THEN s.appendage END,
               'WellShape', CASE WHEN length(s.cover_shape) > 16 THEN s.cover_shape END,
               'WellMaterial', CASE WHEN length(s.cover_material) > 16 THEN s.cover_material END,
               'WellSize', CASE WHEN length(s.cover_size_mm) > 16 THEN s.cover_size_mm END)
       END) AS extra
FROM public.survey_staged_point AS s
JOIN public.survey_import AS i ON i.id = s.import_id
LEFT JOIN LATERAL (
    SELECT d.id FROM public.department AS d
    WHERE s.owner <> '' AND s.owner IN (d.code, d.name_zh, d.name_en) AND d.valid_to IS NULL
    ORDER BY d.code = s.owner DESC, d.id LIMIT 1
) AS o ON true
CROSS JOIN (VALUES (jsonb '{"element_code": "Code", "feature": "Feature", "appendage": "Subsid", "ground_level": "High",
    "well_depth_m": "WellDeep", "cover_shape": "WellShape", "cover_material": "WellMaterial",
    "cover_size_mm": "WellSize", "address": "Address", "usage_status": "UStatus", "built_on": "MDate",
    "surveyed_on": "SDate", "survey_unit": "SUnit", "note": "Note"}')) AS n (names);

-- To which face depths of a class are measured when laid in a way; laying is empty where that is unknown.
CREATE VIEW app.depth_face AS
SELECT c.class_code, c.sub_code, l.code AS laying,
       CASE WHEN l.is_trench THEN c.depth_reference_in_trench ELSE c.depth_reference END
           IN ('invert_inside', 'trench_bottom_inside') AS at_bottom
FROM public.pipe_class AS c
CROSS JOIN (SELECT code, is_trench FROM public.laying_method UNION ALL VALUES ('', false)) AS l (code, is_trench);

CREATE VIEW app.ready_line AS
SELECT s.id AS staged_id, s.import_id, s.change, s.living_id, s.is_clean, i.survey,
       coalesce(nullif(s.segment_no, ''), s.start_no || '-' || s.end_no) AS segment_no,
       coalesce(s.segment_no, '') IN ('', s.start_no || '-' || s.end_no) AS is_named_by_ends, s.start_no, s.end_no,
       s.class_code, s.sub_code, left(s.element_code, 8) AS element_code,
       s.start_depth_m, s.end_depth_m, s.start_level, s.end_level, left(s.size, 20) AS size,
       s.width_mm, coalesce(s.height_mm, s.width_mm) AS height_mm, s.material, s.laying, s.pressure_mpa,
       s.pressure_band, s.voltage_kv, s.temperature_c, s.cable_count, s.total_holes, s.used_holes,
       s.flow_direction, o.id AS owner_id, s.year_laid, s.usage_status, s.road_name,
       left(s.data_source, 16) AS data_source, s.surveyed_on, s.survey_unit, s.note, s.geom AS drawn,
       f.at_bottom,
       app.kept_cells(s.extra, s.unread, n.names, CASE
           WHEN s.owner <> '' AND o.id IS NULL OR s.start_ground IS NOT NULL OR s.end_ground IS NOT NULL
                OR length(s.element_code) > 8 OR length(s.size) > 20 OR length(s.data_source) > 16
           THEN jsonb_build_object(
               'Belong', CASE WHEN o.id IS NULL THEN nullif(s.owner, '') END,
               'S_High', s.start_ground::text, 'E_High', s.end_ground::text,
               'Code', CASE WHEN length(s.element_code) > 8 THEN s.element_code END,
               'PSize', CASE WHEN length(s.size) > 20 THEN s.size END,
               'DataSource', CASE WHEN length(s.data_source) > 16 THEN s.data_source END)
       END) AS extra
FROM public.survey_staged_line AS s
JOIN public.survey_import AS i ON i.id = s.import_id
LEFT JOIN app.depth_face AS f
    ON (f.class_code, f.sub_code) = (s.class_code, s.sub_code) AND f.laying = coalesce(s.laying, '')
LEFT JOIN LATERAL (
    SELECT d.id FROM public.department AS d
    WHERE s.owner <> '' AND s.owner IN (d.code, d.name_zh, d.name_en) AND d.valid_to IS NULL
    ORDER BY d.code = s.owner DESC, d.id LIMIT 1
) AS o ON true
CROSS JOIN (VALUES (jsonb '{"element_code": "Code", "start_depth_m": "S_Deep", "end_depth_m": "E_Deep",
    "kind": "Type", "pressure": "Pressure", "start_level": "S_H", "end_level": "E_H", "start_ground": "S_High", "end_ground": "E_High", "size": "PSize",
    "width_mm": "PSize", "height_mm": "PSize", "material": "Material", "laying": "Embed",
    "pressure_mpa": "Pressure", "pressure_band": "Pressure", "voltage_kv": "Voltage",
    "temperature_c": "Temperature", "cable_count": "CabNum", "total_holes": "TotalHole", "used_holes": "UsedHole",
    "flow_direction": "FlowDir", "year_laid": "MDate", "usage_status": "UStatus", "road_name": "Road",
    "data_source": "DataSource", "surveyed_on": "SDate", "survey_unit": "SUnit", "note": "Note"}')) AS n (names);
