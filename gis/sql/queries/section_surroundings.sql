-- What stands on the surface along section lines: roads by their axes, buildings by their footprints.
-- One more row of kind 'city' where the lines touch the city, or no city is loaded to compare with.
WITH line AS (
    SELECT ST_GeomFromWKB(:lines, :srid) AS geom
), piece AS (
    SELECT (ST_DumpSegments(ST_Segmentize(line.geom, 200))).geom FROM line
)
SELECT DISTINCT 'road' AS kind, r.id, r.name_zh, r.name_en, r.width_m, r.carriageway_m,
       CAST(NULL AS float8) AS height_m, ST_AsBinary(r.geom) AS wkb
FROM piece
JOIN public.road AS r ON ST_DWithin(r.geom, piece.geom, :roads_m)
WHERE CASE
          WHEN CAST(:as_of AS date) IS NULL THEN r.valid_to IS NULL
          ELSE r.valid_from <= :as_of AND (r.valid_to IS NULL OR r.valid_to > :as_of)
      END
UNION ALL
SELECT DISTINCT 'building', b.id, coalesce(nullif(b.name, ''), b.address), '',
       CAST(NULL AS float8), CAST(NULL AS float8), b.height_m, ST_AsBinary(b.geom)
FROM piece
JOIN public.building AS b ON ST_DWithin(b.geom, piece.geom, :buildings_m)
WHERE CASE
          WHEN CAST(:as_of AS date) IS NULL THEN b.valid_to IS NULL
          ELSE b.valid_from <= :as_of AND (b.valid_to IS NULL OR b.valid_to > :as_of)
      END
UNION ALL
SELECT 'city', 0, '', '', NULL, NULL, NULL, NULL
FROM line
WHERE NOT EXISTS (SELECT FROM public.city)
   OR EXISTS (SELECT FROM public.city AS c WHERE ST_Intersects(c.boundary, line.geom))
ORDER BY 1, 2
