-- Open cases that a report from :easting, :northing (the city's CRS) in unit grid :unit_grid_id may repeat:
-- of the same component wherever they were reported from; else of the same class, not older than :since, in the
-- same unit grid or within :radius_m.
-- One box around the grid and the circle is asked of ix_case_open_location (open cases only); ix_case_component_id
-- serves the component. :component_id is 0 when the report names none.
WITH here AS MATERIALIZED (
    SELECT ST_SetSRID(ST_MakePoint(:easting, :northing), CAST(:city_srid AS integer)) AS geom
), box AS MATERIALIZED (
    SELECT here.geom AS place, ST_Envelope(ST_Collect(ST_Expand(here.geom, :radius_m), g.geom)) AS geom
    FROM here JOIN unit_grid AS g ON g.id = :unit_grid_id
), candidate AS (
    SELECT c.id, true AS same_component
    FROM "case" AS c
    WHERE c.component_id = :component_id AND c.stage IS NOT NULL
    UNION ALL
    SELECT c.id, false
    FROM box
    JOIN "case" AS c ON c.location && box.geom AND c.stage IS NOT NULL
    WHERE c.class_code = :class_code AND c.edition = :edition AND c.kind = :kind
      AND (c.unit_grid_id = :unit_grid_id OR ST_DWithin(c.location, box.place, :radius_m))
      AND (CAST(:since AS timestamptz) IS NULL OR c.reported_at >= :since)
      AND c.component_id IS DISTINCT FROM :component_id
)
SELECT c.id, candidate.same_component, c.unit_grid_id = :unit_grid_id AS same_grid,
       ST_Distance(c.location, here.geom) AS distance_m,
       NOT candidate.same_component AND :component_id > 0 AND c.component_id IS NOT NULL AS other_component
FROM here CROSS JOIN candidate JOIN "case" AS c ON c.id = candidate.id
