-- Draw the tracks of person :person_id anew for the days, by the clocks of :zone, of the moments :ats. A way is
-- broken where more than :gap passed and more than :jump_m lies between two points: nobody knows how it went.
INSERT INTO patrol_track (person_id, day, began_at, ended_at, length_m, geom)
SELECT :person_id, w.day, min(w.began_at), max(w.ended_at), sum(ST_Length(w.line)), ST_Collect(w.line)
FROM (
    SELECT p.day, min(p.at) AS began_at, max(p.at) AS ended_at, ST_MakeLine(p.location ORDER BY p.at) AS line
    FROM (
        SELECT s.day, s.at, s.location,
               count(*) FILTER (WHERE s.at - s.before > CAST(:gap AS interval)
                                  AND ST_Distance(s.location, s.last) > CAST(:jump_m AS float8))
                   OVER (PARTITION BY s.day ORDER BY s.at) AS part
        FROM (
            SELECT d.day, t.at, t.location, lag(t.at) OVER way AS before, lag(t.location) OVER way AS last
            FROM (SELECT DISTINCT (at AT TIME ZONE :zone)::date AS day FROM unnest(CAST(:ats AS timestamptz[])) AS m (at)) AS d
            JOIN patrol_point AS t
              ON t.person_id = :person_id
             AND t.at >= CAST(d.day AS timestamp) AT TIME ZONE :zone
             AND t.at < CAST(d.day + 1 AS timestamp) AT TIME ZONE :zone
            WINDOW way AS (PARTITION BY d.day ORDER BY t.at)
        ) AS s
    ) AS p
    GROUP BY p.day, p.part
    HAVING count(*) > 1
) AS w
GROUP BY w.day
ON CONFLICT (person_id, day) DO UPDATE
SET (began_at, ended_at, length_m, geom) = (excluded.began_at, excluded.ended_at, excluded.length_m, excluded.geom)
