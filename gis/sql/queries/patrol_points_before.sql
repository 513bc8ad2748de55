-- For each moment of :ats the last point that person :person_id has sent up to it, within :within; each point once.
SELECT DISTINCT p.at, ST_X(p.location) AS easting, ST_Y(p.location) AS northing
FROM unnest(CAST(:ats AS timestamptz[])) AS sent (at)
CROSS JOIN LATERAL (
    SELECT t.at, t.location FROM patrol_point AS t
    WHERE t.person_id = :person_id AND t.at BETWEEN sent.at - CAST(:within AS interval) AND sent.at
    ORDER BY t.at DESC
    LIMIT 1
) AS p
