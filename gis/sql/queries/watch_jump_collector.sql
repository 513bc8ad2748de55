-- Collectors who reported far more in the last :days of the period than in the days before: if all days were alike, the
-- reports of the last days would be binomial; z says by how many standard deviations they are more.
WITH reports AS MATERIALIZED (
    SELECT reporter_id AS who, id, reported_at >= :ends - make_interval(days => :days) AS is_last
    FROM "case"
    WHERE reported_at >= :begins AND reported_at < :ends AND source = 'inspector' AND reporter_id IS NOT NULL
), counted AS (
    SELECT who, count(*) FILTER (WHERE is_last) AS last, count(*) AS n,
           :days * 86400 / extract(epoch FROM :ends - :begins)::float8 AS part
    FROM reports
    GROUP BY 1
), judged AS (
    SELECT *, n * part AS expected, (last - n * part) / nullif(sqrt(n * part * (1 - part)), 0) AS z
    FROM counted
    WHERE part <= 0.5
)
SELECT w.login AS subject, w.name AS name, NULL AS name_en, x.z AS weight,
       jsonb_build_object('last', x.last, 'expected', x.expected, 'before', x.n - x.last, 'z', x.z) AS figures,
       (SELECT array_agg(c.case_no) FROM (
            SELECT r.id FROM reports AS r WHERE r.who = x.who AND r.is_last ORDER BY 1 DESC LIMIT 20) AS r
        JOIN "case" AS c ON c.id = r.id) AS cases,
       x.last AS cases_total
FROM judged AS x
JOIN person AS w ON w.id = x.who
WHERE x.last >= :least AND x.z > :z
