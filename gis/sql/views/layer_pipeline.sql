-- What the layers pipe_segments and pipe_points read: the network in force with the names of its codes.

CREATE VIEW app.pipe_segments_ever AS
SELECT s.id, s.survey, s.segment_no, s.class_code, s.sub_code,
       m.name_zh AS main_class_zh, m.name_en AS main_class_en,
       k.name_zh AS class_zh, k.name_en AS class_en,
       s.size, s.material, t.name_zh AS material_zh, t.name_en AS material_en,
       l.name_zh AS laying_zh, l.name_en AS laying_en,
       a.point_no AS start_point, b.point_no AS end_point,
       s.start_depth_m, s.end_depth_m, s.start_level, s.end_level,
       round(ST_Length(s.geom)::numeric, 2) AS length_m,
       CASE WHEN m.is_gravity AND s.start_level IS NOT NULL AND s.end_level IS NOT NULL
            THEN round(((s.start_level - s.end_level) / nullif(ST_Length(s.geom), 0) * 1000)::numeric, 1)
       END AS fall_per_mille,
       s.flow_direction, s.pressure_mpa, p.name_zh AS pressure_zh, p.name_en AS pressure_en, s.voltage_kv,
       s.cable_count, s.total_holes, s.used_holes,
       d.name_zh AS owner_zh, d.name_en AS owner_en, s.year_laid,
       u.name_zh AS usage_zh, u.name_en AS usage_en, s.road_name, s.surveyed_on, s.note,
       s.valid_from, s.valid_to, coalesce(s.past_of, s.id) AS entity_id, s.geom
FROM public.pipe_segment AS s
LEFT JOIN public.pipe_main_class AS m ON m.class_code = s.class_code
LEFT JOIN public.pipe_class AS k ON (k.class_code, k.sub_code) = (s.class_code, s.sub_code)
LEFT JOIN public.pipe_material AS t ON t.code = s.material
LEFT JOIN public.laying_method AS l ON l.code = s.laying
LEFT JOIN public.pipe_point AS a ON a.id = s.start_point_id
LEFT JOIN public.pipe_point AS b ON b.id = s.end_point_id
LEFT JOIN public.pressure_band AS p ON p.code = s.pressure_band
LEFT JOIN public.department AS d ON d.id = s.owner_id
LEFT JOIN public.usage_status AS u ON u.code = s.usage_status;

CREATE VIEW app.pipe_segments AS
-- No end lies ahead of a state: a past one ends on the day in the city, which begins before that of UTC.
SELECT * FROM app.pipe_segments_ever WHERE valid_to IS NULL;

-- mark: how a point is drawn. A valve, a hydrant, a chamber one can climb into; every bend and tee is a joint.
CREATE VIEW app.pipe_points_ever AS
SELECT p.id, p.survey, p.point_no, p.class_code, p.sub_code,
       CASE WHEN k.acts_as IN ('valve', 'check_valve') THEN 'valve'
            WHEN k.acts_as = 'hydrant' THEN 'hydrant'
            WHEN p.appendage <> '' THEN 'chamber'
            ELSE 'joint' END AS mark,
       m.name_zh AS main_class_zh, m.name_en AS main_class_en,
       c.name_zh AS class_zh, c.name_en AS class_en,
       coalesce(k.name_zh, nullif(kind.code, '')) AS point_kind_zh,
       coalesce(k.name_en, nullif(kind.code, '')) AS point_kind_en,
       p.ground_level, p.well_depth_m, p.is_open, p.cover_size_mm, p.cover_material, p.address,
       d.name_zh AS owner_zh, d.name_en AS owner_en, g.code AS unit_grid,
       u.name_zh AS usage_zh, u.name_en AS usage_en, p.built_on, p.surveyed_on, p.note,
       p.valid_from, p.valid_to, coalesce(p.past_of, p.id) AS entity_id, p.geom
FROM public.pipe_point AS p
CROSS JOIN LATERAL (SELECT CASE WHEN p.appendage <> '' THEN 'appendage' ELSE 'feature' END AS role,
                           CASE WHEN p.appendage <> '' THEN p.appendage ELSE p.feature END AS code) AS kind
LEFT JOIN public.point_kind AS k ON (k.class_code, k.role, k.code) = (p.class_code, kind.role, kind.code)
LEFT JOIN public.pipe_main_class AS m ON m.class_code = p.class_code
LEFT JOIN public.pipe_class AS c ON (c.class_code, c.sub_code) = (p.class_code, p.sub_code)
LEFT JOIN public.department AS d ON d.id = p.owner_id
LEFT JOIN public.unit_grid AS g ON g.id = p.unit_grid_id
LEFT JOIN public.usage_status AS u ON u.code = p.usage_status;

CREATE VIEW app.pipe_points AS
-- No end lies ahead of a state: a past one ends on the day in the city, which begins before that of UTC.
SELECT * FROM app.pipe_points_ever WHERE valid_to IS NULL;

-- What the layer pipe_findings reads: where the newest finished run over the whole network found something.
CREATE VIEW app.pipe_findings AS
SELECT f.id, f.run_id, f.code, f.severity, f.subject, f.number, f.value, f.limit_value,
       m.name_zh AS main_class_zh, m.name_en AS main_class_en, r.ended_at AS checked_at, f.place AS geom
FROM public.pipe_finding AS f
JOIN public.check_run AS r ON r.id = f.run_id
LEFT JOIN public.pipe_main_class AS m ON m.class_code = f.class_code
WHERE f.place IS NOT NULL
  AND f.run_id = (SELECT n.id FROM public.check_run AS n
                  WHERE n.state = 'done' AND n.import_id IS NULL AND n.scope = '{}'
                  ORDER BY n.created_at DESC, n.id DESC LIMIT 1);
