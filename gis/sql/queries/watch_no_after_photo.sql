-- Departments of whose cases closed in the period :share or more, :least at least, have no photo of what was put
-- right. Cases of other systems have none by nature.
WITH ended AS MATERIALIZED (
    SELECT DISTINCT c.id, c.case_no, c.department_id,
           NOT EXISTS (SELECT FROM attachment AS a WHERE a.case_id = c.id AND a.stage = 'disposal') AS is_without
    FROM case_step AS s
    JOIN "case" AS c ON c.id = s.case_id
    WHERE s.at >= :begins AND s.at < :ends AND s.action IN ('close', 'force_close')
      AND c.state = 'closed' AND c.source <> 'imported'
), counted AS (
    SELECT department_id, count(*) AS n, count(*) FILTER (WHERE is_without) AS without,
           (array_agg(case_no ORDER BY id DESC) FILTER (WHERE is_without))[1:20] AS cases
    FROM ended
    GROUP BY 1
)
SELECT d.code AS subject, d.name_zh AS name, d.name_en, x.without::float8 AS weight,
       jsonb_build_object('without', x.without, 'closed', x.n, 'share', x.without::float8 / x.n,
                          'city_share', sum(x.without) OVER () / sum(x.n) OVER ()) AS figures,
       x.cases, x.without AS cases_total
FROM counted AS x
JOIN department AS d ON d.id = x.department_id
WHERE x.without >= :least AND x.without >= :share * x.n
