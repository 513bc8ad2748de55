-- Cases of the classes :classes filed in [:begins, :ends), each with the nearest line within :radius_m metres of
-- the pipelines that its class names, as the network was recorded on the day of the case. One row a case.
-- reason: empty where it is tied; unnamed: the class names no pipeline; not_then: such a line lies there in
-- another time only; far: none does. case.location and pipe_segment.geom are in the city's metric CRS.
SELECT c.id, c.case_no, c.filed_at, c.class_code AS case_class, c.kind AS case_kind, c.edition,
       extract(year FROM c.filed_at AT TIME ZONE :zone)::int AS year,
       CASE WHEN k.pipe_class IS NULL THEN 'unnamed'
            WHEN s.is_there THEN NULL
            WHEN s.id IS NOT NULL THEN 'not_then'
            ELSE 'far' END AS reason,
       CASE WHEN s.is_there THEN s.id END AS segment_id,
       CASE WHEN s.is_there THEN s.distance_m END AS distance_m,
       s.class_code, s.sub_code, s.material, s.width_mm,
       extract(year FROM c.filed_at AT TIME ZONE :zone)::int - s.year_laid AS age
FROM "case" AS c
JOIN jsonb_to_recordset(CAST(:classes AS jsonb))
    AS k (edition text, kind text, code text, pipe_class text, sub_codes text[])
    ON (k.edition, k.kind, k.code) = (c.edition, c.kind, c.class_code)
LEFT JOIN LATERAL (
    SELECT p.id, p.class_code, p.sub_code, p.material, p.width_mm, p.year_laid,
           p.valid_from <= d.day AND (p.valid_to IS NULL OR p.valid_to > d.day) AS is_there,
           ST_Distance(p.geom, c.location) AS distance_m
    FROM pipe_segment AS p,
         (SELECT (coalesce(c.occurred_at, c.reported_at) AT TIME ZONE :zone)::date) AS d (day)
    -- Not by the index of the classes, a fifth of the network each time: the place alone leaves a handful.
    WHERE p.class_code || '' = k.pipe_class
      AND (cardinality(k.sub_codes) = 0 OR p.sub_code = ANY (k.sub_codes))
      AND p.usage_status <> :abandoned
      AND ST_DWithin(p.geom, c.location, :radius_m)
    ORDER BY is_there DESC, distance_m, p.id
    LIMIT 1
) AS s ON true
WHERE c.filed_at >= :begins AND c.filed_at < :ends
  AND c.state NOT IN ('void', 'merged', 'archived', 'refused')
