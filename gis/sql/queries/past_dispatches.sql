-- Cases that a department has disposed of, filed from :filed_from until before :filed_to, newest first: what the rules
-- need to know of each, and the department that disposed. ix_case_filed_at serves the period.
SELECT c.case_no, c.kind, c.edition, c.class_code, c.community_id, c.street_id, s.parent_id AS district_id,
       c.component_id IS NOT NULL AS has_component, k.maintainer_id, c.filed_at, c.department_id
FROM "case" AS c
JOIN area AS s ON s.id = c.street_id
LEFT JOIN component AS k ON k.id = c.component_id
WHERE c.filed_at >= :filed_from AND c.filed_at < :filed_to
  AND c.disposed_at IS NOT NULL AND c.department_id IS NOT NULL
ORDER BY c.filed_at DESC, c.id DESC
