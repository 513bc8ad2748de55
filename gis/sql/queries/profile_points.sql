-- Points by id as a profile needs them. on_carriageway: whether vehicles drive above, by the roads' widths.
SELECT coalesce(p.past_of, p.id) AS id, p.point_no, p.class_code, p.sub_code,
       p.ground_level, p.well_depth_m, p.appendage,
       coalesce(k.name_zh, kind.code) AS kind_zh, coalesce(k.name_en, kind.code) AS kind_en,
       ST_X(p.geom) AS easting, ST_Y(p.geom) AS northing,
       EXISTS (SELECT FROM road AS r
               WHERE r.valid_to IS NULL AND r.carriageway_m IS NOT NULL
                 AND ST_DWithin(r.geom, p.geom, 50) AND ST_DWithin(r.geom, p.geom, r.carriageway_m / 2)
              ) AS on_carriageway
FROM pipe_point AS p
CROSS JOIN LATERAL (SELECT CASE WHEN p.appendage <> '' THEN 'appendage' ELSE 'feature' END AS role,
                           CASE WHEN p.appendage <> '' THEN p.appendage ELSE p.feature END AS code) AS kind
LEFT JOIN point_kind AS k ON (k.class_code, k.role, k.code) = (p.class_code, kind.role, kind.code)
WHERE (p.id = ANY (:ids) AND p.past_of IS NULL OR p.past_of = ANY (:ids))
  AND (CAST(:as_of AS date) IS NULL AND p.valid_to IS NULL
       OR p.valid_from <= :as_of AND (p.valid_to IS NULL OR p.valid_to > :as_of))
