-- Staged points of an import into pipe_point, each with the unit grid it lies in.
-- On a shared edge the grid with the lower code, as in locate.sql.
INSERT INTO pipe_point (survey, point_no, class_code, sub_code, feature, appendage, ground_level, well_depth_m,
                        usage_status, built_on, surveyed_on, note, geom, unit_grid_id)
SELECT :survey, p.point_no, p.class_code, p.sub_code, p.feature, p.appendage, p.ground_level, p.well_depth_m,
       coalesce(p.usage_status, '0'), p.built_on, p.surveyed_on, p.note, p.geom,
       (SELECT g.id FROM unit_grid AS g
        WHERE ST_Covers(g.geom, p.geom) AND g.valid_to IS NULL
        ORDER BY g.code LIMIT 1)
FROM staged_point AS p
