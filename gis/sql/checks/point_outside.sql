-- Materialized, so that the boundary is unpacked once and not for every point.
WITH around AS MATERIALIZED (SELECT ST_Buffer(boundary, :limit) AS geom, boundary FROM city)
SELECT p.row_id, round(ST_Distance(p.geom, c.boundary)::numeric)::float8 AS value, CAST(:limit AS float8) AS limit_value,
       NULL::jsonb AS detail, p.geom
FROM around AS c JOIN checked_point AS p ON NOT ST_Covers(c.geom, p.geom)
WHERE p.is_subject
