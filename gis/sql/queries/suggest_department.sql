-- The department for a case: the component's maintainer first, then the most particular responsibility:
-- a class before its major before none, a community before its street before its district before the city.
WITH candidate AS (
    SELECT c.maintainer_id AS department_id, 'maintainer' AS reason, NULL AS rule_class, NULL AS area, 0 AS rank_class, 0 AS rank_area
    FROM component AS c
    WHERE c.id = :component_id AND c.maintainer_id IS NOT NULL
    UNION ALL
    SELECT r.department_id, CASE WHEN r.class_code = '' THEN 'fallback' ELSE 'responsibility' END,
           nullif(r.class_code, ''), a.name_zh, 10 - length(r.class_code),
           CASE a.level WHEN 'community' THEN 1 WHEN 'street' THEN 2 WHEN 'district' THEN 3 ELSE 4 END
    FROM responsibility AS r
    LEFT JOIN area AS a ON a.id = r.area_id
    WHERE r.valid_to IS NULL AND r.kind = :kind AND r.edition = :edition
      AND left(:class_code, length(r.class_code)) = r.class_code
      AND (r.area_id IS NULL OR r.area_id IN (:community_id, :street_id)
           OR r.area_id = (SELECT parent_id FROM area WHERE id = :street_id))
)
SELECT d.id, d.code, d.name_zh, d.name_en, candidate.reason, candidate.rule_class, candidate.area
FROM candidate
JOIN department AS d ON d.id = candidate.department_id
WHERE d.valid_to IS NULL AND d.disposes
ORDER BY candidate.rank_class, candidate.rank_area, d.code
LIMIT 1
