-- Unit grid codes of many places, in their order; empty where a place lies outside.
-- On a shared edge the lower code, as in locate.sql.
SELECT (
    SELECT g.code
    FROM unit_grid AS g
    WHERE ST_Covers(g.geom, place.geom) AND g.valid_to IS NULL
    ORDER BY g.code
    LIMIT 1
)
FROM (
    SELECT n, ST_SetSRID(ST_MakePoint(x, y), CAST(:city_srid AS integer)) AS geom
    FROM unnest(CAST(:eastings AS float8[]), CAST(:northings AS float8[])) WITH ORDINALITY AS given (x, y, n)
) AS place
ORDER BY place.n
