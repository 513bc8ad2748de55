-- Who passed every check of one department, :least at least, while all other checks of the city pass less often than
-- the lower end of Wilson's interval for "always": n / (n + z²).
WITH checks AS MATERIALIZED (
    SELECT actor_id, department_id, case_id, action = 'check' AS passed
    FROM case_step
    WHERE at >= :begins AND at < :ends AND action IN ('check', 'rework') AND actor_role IN ('inspector', 'acceptor')
      AND department_id IS NOT NULL
), city AS (
    SELECT count(*) AS n, count(*) FILTER (WHERE passed) AS passed FROM checks
), pairs AS (
    SELECT actor_id, department_id, count(*) AS n
    FROM checks
    GROUP BY 1, 2
    HAVING count(*) >= :least AND bool_and(passed)
)
SELECT p.login || ':' || d.code AS subject,
       p.name || ' · ' || d.name_zh AS name, p.name || ' · ' || d.name_en AS name_en,
       x.n::float8 AS weight,
       jsonb_build_object('checks', x.n, 'share', 1, 'city_share', o.share, 'at_least', o.at_least) AS figures,
       (SELECT array_agg(c.case_no) FROM (
            SELECT DISTINCT k.case_id FROM checks AS k
            WHERE k.actor_id = x.actor_id AND k.department_id = x.department_id ORDER BY 1 DESC LIMIT 20) AS k
        JOIN "case" AS c ON c.id = k.case_id) AS cases,
       (SELECT count(DISTINCT k.case_id) FROM checks AS k
        WHERE k.actor_id = x.actor_id AND k.department_id = x.department_id) AS cases_total
FROM pairs AS x
CROSS JOIN city
JOIN person AS p ON p.id = x.actor_id
JOIN department AS d ON d.id = x.department_id
CROSS JOIN LATERAL (
    SELECT (city.passed - x.n)::float8 / nullif(city.n - x.n, 0) AS share, x.n / (x.n + :z * :z) AS at_least
) AS o
WHERE o.share < o.at_least
