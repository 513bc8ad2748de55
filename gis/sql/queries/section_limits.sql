-- Numbers of the clearance and cover tables in force that a section may need: of the heads it shows.
-- "corrected" is the note of the administrator who put a number in force, NULL where the shipped one stands.
SELECT 'horizontal' AS kind, class_a AS a, class_b AS b, '' AS c, CAST(min_clearance_m_in_force AS float8) AS value,
       status, source, correction_note AS corrected
FROM public.clearance_horizontal
WHERE class_a = ANY (:heads) AND class_b = ANY (:heads)
UNION ALL
SELECT 'vertical', class_a, class_b, '', CAST(min_clearance_m_in_force AS float8), status, source, correction_note
FROM public.clearance_vertical
WHERE class_a = ANY (:heads) AND class_b = ANY (:heads)
UNION ALL
SELECT 'cover', party, laying, surface, CAST(cover_m_in_force AS float8), status, source, correction_note
FROM public.least_cover
WHERE party = ANY (:heads) AND cover_m_in_force IS NOT NULL
