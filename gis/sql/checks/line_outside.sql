-- Lines that leave the city though both their ends lie in it; the others' ends are told of by point_outside.
WITH around AS MATERIALIZED (SELECT ST_Buffer(boundary, :limit) AS geom FROM city)
SELECT s.row_id, round(ST_Length(ST_Difference(s.geom, c.geom))::numeric, 1)::float8 AS value,
       CAST(:limit AS float8) AS limit_value, NULL::jsonb AS detail, s.geom
FROM around AS c
JOIN checked_line AS s ON NOT ST_Covers(c.geom, s.geom)
WHERE s.is_subject AND ST_Covers(c.geom, ST_StartPoint(s.geom)) AND ST_Covers(c.geom, ST_EndPoint(s.geom))
