-- Dispatchers who granted every request for an extension, :least at least, while the others' are granted
-- less often than the lower end of Wilson's interval for "always": n / (n + z²).
WITH decided AS MATERIALIZED (
    SELECT actor_id AS who, case_id, action = 'grant_extension' AS granted
    FROM case_step
    WHERE at >= :begins AND at < :ends AND action IN ('grant_extension', 'deny_extension') AND actor_id IS NOT NULL
), city AS (
    SELECT count(*) AS n, count(*) FILTER (WHERE granted) AS granted FROM decided
), always AS (
    SELECT who, count(*) AS n, count(DISTINCT case_id) AS cases_total, array_agg(DISTINCT case_id) AS ids
    FROM decided
    GROUP BY 1
    HAVING count(*) >= :least AND bool_and(granted)
)
SELECT w.login AS subject, w.name AS name, NULL AS name_en, x.n::float8 AS weight,
       jsonb_build_object('requests', x.n, 'share', 1, 'city_share', o.share, 'at_least', o.at_least) AS figures,
       (SELECT (array_agg(c.case_no ORDER BY c.id DESC))[1:20] FROM "case" AS c WHERE c.id = ANY(x.ids)) AS cases,
       x.cases_total
FROM always AS x
CROSS JOIN city
JOIN person AS w ON w.id = x.who
CROSS JOIN LATERAL (
    SELECT (city.granted - x.n)::float8 / nullif(city.n - x.n, 0) AS share, x.n / (x.n + :z * :z) AS at_least
) AS o
WHERE o.share < o.at_least
