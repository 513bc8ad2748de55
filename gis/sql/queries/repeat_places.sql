-- Places where at least :least cases of one class, filed from :begins to before :ends, lie together (each within
-- :radius_m metres of others), and components with as many; most cases first. A place whose cases are all of one
-- component is told as that component. :told: how many case numbers, the newest first. Where not :whole, only cases
-- of :streets and :communities.
WITH counted AS (
    SELECT c.id, c.case_no, c.edition, c.kind, c.class_code, c.component_id, c.location, c.unit_grid_id, c.address,
           f.filed_at, f.rework_count > 0 OR f.was_reopened AS again
    FROM case_fact AS f
    JOIN "case" AS c ON c.id = f.case_id
    WHERE f.filed_at >= :begins AND f.filed_at < :ends AND f.is_filed
      AND (:whole OR f.street_id = ANY(:streets) OR f.community_id = ANY(:communities))
), near AS (
    SELECT *, ST_ClusterDBSCAN(location, :radius_m, :least) OVER (PARTITION BY edition, kind, class_code) AS place
    FROM counted
), grouped AS (
    SELECT array_agg(id) AS ids, NULL::bigint AS component_id
    FROM near
    WHERE place IS NOT NULL
    GROUP BY edition, kind, class_code, place
    HAVING count(*) >= :least AND (count(DISTINCT component_id) > 1 OR count(component_id) < count(*))
    UNION ALL
    SELECT array_agg(id), component_id
    FROM counted
    WHERE component_id IS NOT NULL
    GROUP BY component_id
    HAVING count(*) >= :least
), numbered AS (
    SELECT row_number() OVER () AS no, ids, component_id FROM grouped
), told AS (
    SELECT g.no, g.component_id, c.edition, c.kind, c.class_code, count(*) AS cases,
           count(*) FILTER (WHERE c.again) AS reworked, min(c.filed_at) AS first_at, max(c.filed_at) AS last_at,
           ST_Collect(c.location) AS places,
           (array_agg(c.unit_grid_id ORDER BY c.filed_at DESC, c.id DESC))[1] AS unit_grid_id,
           (array_agg(c.address ORDER BY c.filed_at DESC, c.id DESC))[1] AS address,
           (array_agg(c.case_no ORDER BY c.filed_at DESC, c.id DESC))[1:CAST(:told AS int)] AS case_nos
    FROM numbered AS g
    CROSS JOIN LATERAL unnest(g.ids) AS one (id)
    JOIN counted AS c ON c.id = one.id
    GROUP BY g.no, g.component_id, c.edition, c.kind, c.class_code
)
SELECT t.class_code, k.name_zh, k.name_en, m.code AS component_code, t.cases, t.reworked, t.first_at, t.last_at,
       ST_X(p.degrees) AS lon, ST_Y(p.degrees) AS lat, ST_MaxDistance(p.middle, t.places) AS reach_m,
       u.code AS unit_grid_code, t.address, t.case_nos, count(*) OVER () AS total
FROM told AS t
CROSS JOIN LATERAL (SELECT ST_Centroid(t.places) AS middle, ST_Transform(ST_Centroid(t.places), 4490) AS degrees) AS p
LEFT JOIN object_class AS k ON k.edition = t.edition AND k.kind = t.kind AND k.code = t.class_code
LEFT JOIN component AS m ON m.id = t.component_id
LEFT JOIN unit_grid AS u ON u.id = t.unit_grid_id
ORDER BY t.cases DESC, t.reworked DESC, t.last_at DESC, t.class_code, m.code NULLS LAST, t.case_nos
LIMIT :limit
