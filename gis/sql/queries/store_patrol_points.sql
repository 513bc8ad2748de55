-- Keep points (:eastings, :northings in the city's CRS) of person :person_id's way, each with the unit grid it lies in.
-- On a shared edge that is the grid with the lower code, as for a case. A point vaguer than :vague_m is in no grid for
-- certain. What lies farther than :beyond_m from every grid is no patrol, and is not kept. Answers the new ones.
INSERT INTO patrol_point (person_id, at, accuracy_m, unit_grid_id, location)
SELECT :person_id, p.at, p.accuracy_m, g.id, p.location
FROM (
    SELECT sent.at, sent.accuracy_m,
           ST_SetSRID(ST_MakePoint(sent.easting, sent.northing), CAST(:city_srid AS integer)) AS location
    FROM unnest(CAST(:ats AS timestamptz[]), CAST(:eastings AS float8[]), CAST(:northings AS float8[]),
                CAST(:accuracies AS float8[])) AS sent (at, easting, northing, accuracy_m)
) AS p
LEFT JOIN LATERAL (
    SELECT u.id FROM unit_grid AS u
    WHERE ST_Covers(u.geom, p.location) AND u.valid_to IS NULL
      AND (p.accuracy_m IS NULL OR p.accuracy_m <= :vague_m)
    ORDER BY u.code
    LIMIT 1
) AS g ON true
WHERE g.id IS NOT NULL
   OR EXISTS (SELECT FROM unit_grid AS u WHERE ST_DWithin(u.geom, p.location, :beyond_m) AND u.valid_to IS NULL)
ON CONFLICT (person_id, at) DO NOTHING
RETURNING at
