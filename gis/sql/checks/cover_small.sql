-- Soil above the crown against GB 50289 table 4.1.1, at the end where most of it is missing. Between its ends a
-- line's cover is not known. Which row of the table a line stands under: pipe_party, the first that fits.
WITH ends AS MATERIALIZED (
    SELECT row_id, class_code, sub_code, laying, pressure_band, material, width_mm, 'start' AS which,
           start_row AS point_row, start_ground - start_crown AS cover
    FROM checked_line
    WHERE is_subject AND NOT may_be_above
      -- No row of the table asks for more.
      AND start_ground - start_crown < (SELECT max(cover_m_in_force) FROM least_cover)
    UNION ALL
    SELECT row_id, class_code, sub_code, laying, pressure_band, material, width_mm, 'end', end_row,
           end_ground - end_crown
    FROM checked_line
    WHERE is_subject AND NOT may_be_above
      AND end_ground - end_crown < (SELECT max(cover_m_in_force) FROM least_cover)
), kind AS MATERIALIZED (
    SELECT DISTINCT class_code, sub_code, laying, pressure_band, material, width_mm
    FROM ends
), headed AS MATERIALIZED (
    SELECT kind.*, p.cover AS party, p.cover_laying
    FROM kind CROSS JOIN LATERAL (
        SELECT cover, cover_laying FROM pipe_party AS p
        WHERE p.class_code = kind.class_code
          AND (p.sub_code IS NULL OR p.sub_code = kind.sub_code) AND (p.laying IS NULL OR p.laying = kind.laying)
          AND (p.pressure_band IS NULL OR p.pressure_band = kind.pressure_band)
          AND (p.material IS NULL OR p.material = kind.material)
          AND (p.most_mm IS NULL OR kind.width_mm <= p.most_mm)
        ORDER BY p.position LIMIT 1) AS p
    WHERE p.cover IS NOT NULL
), short AS (
    SELECT DISTINCT ON (e.row_id) e.row_id, e.which, e.cover, l.cover_m_in_force AS least, l.surface, h.party,
           h.cover_laying, CASE WHEN l.corrected_value IS NULL THEN l.status ELSE '' END AS status
    FROM ends AS e
    JOIN headed AS h ON h.class_code = e.class_code AND h.sub_code = e.sub_code
                    AND coalesce(h.laying, '') = coalesce(e.laying, '')
                    AND coalesce(h.pressure_band, '') = coalesce(e.pressure_band, '')
                    AND coalesce(h.material, '') = coalesce(e.material, '')
                    AND coalesce(h.width_mm, 0) = coalesce(e.width_mm, 0)
    LEFT JOIN carriageway_point AS c ON c.row_id = e.point_row
    JOIN least_cover AS l ON l.party = h.party AND l.laying = h.cover_laying
                         AND l.surface = CASE WHEN c.row_id IS NULL THEN 'non_carriageway' ELSE 'carriageway' END
    -- The table speaks of centimetres.
    WHERE round(e.cover::numeric, 2) < l.cover_m_in_force
    ORDER BY e.row_id, l.cover_m_in_force - e.cover DESC
)
SELECT s.row_id, round(short.cover::numeric, 2)::float8 AS value, short.least::float8 AS limit_value,
       jsonb_build_object('end', which, 'surface', surface, 'party', party, 'laying_head', cover_laying,
                          'status', short.status) AS detail, s.geom
FROM short JOIN checked_line AS s USING (row_id)
