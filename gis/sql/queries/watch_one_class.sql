-- Collectors whose valid reports of the period, :least at least, are all of one class, while the others' are of it
-- less often than the lower end of Wilson's interval for "always": n / (n + z²).
WITH reports AS MATERIALIZED (
    SELECT p.person_id, f.case_id, f.kind, f.class_code
    FROM case_fact_post AS p
    JOIN case_fact AS f USING (case_id)
    WHERE p.duty = 'report' AND p.is_right AND p.at >= :begins AND p.at < :ends
), city AS (
    SELECT kind, class_code, count(*) AS of_class, sum(count(*)) OVER () AS n FROM reports GROUP BY 1, 2
), single AS (
    SELECT person_id, min(kind) AS kind, min(class_code) AS class_code, count(*) AS n
    FROM reports
    GROUP BY 1
    HAVING count(*) >= :least AND count(DISTINCT (kind, class_code)) = 1
)
SELECT w.login AS subject, w.name, NULL AS name_en, x.n::float8 AS weight,
       jsonb_build_object('reports', x.n, 'class', x.kind || ' ' || x.class_code, 'city_share', o.share,
                          'at_least', o.at_least) AS figures,
       (SELECT array_agg(c.case_no) FROM (
            SELECT r.case_id FROM reports AS r WHERE r.person_id = x.person_id ORDER BY 1 DESC LIMIT 20) AS r
        JOIN "case" AS c ON c.id = r.case_id) AS cases,
       x.n AS cases_total
FROM single AS x
JOIN city USING (kind, class_code)
JOIN person AS w ON w.id = x.person_id
CROSS JOIN LATERAL (
    SELECT (city.of_class - x.n)::float8 / nullif(city.n - x.n, 0) AS share, x.n / (x.n + :z * :z) AS at_least
) AS o
WHERE o.share < o.at_least
