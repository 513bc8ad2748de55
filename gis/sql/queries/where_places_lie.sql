-- Community and subdistrict of some places in the city's CRS, by their position from 1.
SELECT t.n, c.name_zh AS community_zh, c.name_en AS community_en, s.name_zh AS street_zh, s.name_en AS street_en
FROM unnest(CAST(:eastings AS float8[]), CAST(:northings AS float8[])) WITH ORDINALITY AS t (x, y, n)
CROSS JOIN LATERAL (
    SELECT g.community_id FROM unit_grid AS g
    WHERE ST_Covers(g.geom, ST_SetSRID(ST_MakePoint(t.x, t.y), CAST(:srid AS integer))) AND g.valid_to IS NULL
    ORDER BY g.code LIMIT 1
) AS g
JOIN area AS c ON c.id = g.community_id
LEFT JOIN area AS s ON s.id = c.parent_id
