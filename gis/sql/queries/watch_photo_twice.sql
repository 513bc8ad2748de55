-- Photos that came in the period and stand in another case too, by the bytes that were sent or that are kept.
-- Cases that belong together (merged, parent and child) may share a photo.
WITH fresh AS (
    SELECT case_id, sha256, source_sha256 FROM attachment WHERE uploaded_at >= :begins AND uploaded_at < :ends
), pairs AS (
    SELECT f.source_sha256 AS print, f.case_id AS one, o.case_id AS other
    FROM fresh AS f JOIN attachment AS o ON o.source_sha256 = f.source_sha256 AND o.case_id <> f.case_id
    UNION
    SELECT coalesce(f.source_sha256, f.sha256), f.case_id, o.case_id
    FROM fresh AS f JOIN attachment AS o ON o.sha256 = f.sha256 AND o.case_id <> f.case_id
), apart AS (
    SELECT p.print, p.one, p.other
    FROM pairs AS p
    JOIN "case" AS a ON a.id = p.one
    JOIN "case" AS b ON b.id = p.other
    WHERE coalesce(a.merged_into_id, a.parent_id, a.id) <> coalesce(b.merged_into_id, b.parent_id, b.id)
), used AS (
    SELECT print, one AS case_id FROM apart UNION SELECT print, other FROM apart
), photos AS (
    SELECT u.print, u.case_id, p.uploaded_by, p.uploaded_at
    FROM used AS u
    JOIN attachment AS p ON p.case_id = u.case_id AND u.print IN (p.source_sha256, p.sha256)
)
SELECT p.print AS subject, left(p.print, 12) AS name, NULL AS name_en, count(DISTINCT p.case_id)::float8 AS weight,
       jsonb_build_object('times', count(DISTINCT p.case_id), 'people', count(DISTINCT p.uploaded_by),
                          'first_at', min(p.uploaded_at), 'last_at', max(p.uploaded_at)) AS figures,
       (array_agg(DISTINCT c.case_no))[1:20] AS cases, count(DISTINCT p.case_id) AS cases_total
FROM photos AS p
JOIN "case" AS c ON c.id = p.case_id
GROUP BY p.print
