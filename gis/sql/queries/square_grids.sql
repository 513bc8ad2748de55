-- Square unit grids over the extent of a city that has none, with the communities that hold them.
-- Columns :west … :east - 1 and rows :south … :north - 1 count cells of :cell metres from the CRS's origin.
-- The cells are cut into :bands_x by :bands_y blocks of at most 999 cells, as even as they come; each block is
-- a community, numbered like the grids inside it: west to east, row after row from north to south.
WITH cell AS (
    SELECT i, j,
           (i - CAST(:west AS integer)) * CAST(:bands_x AS integer)
               / (CAST(:east AS integer) - CAST(:west AS integer)) AS bx,
           (CAST(:north AS integer) - 1 - j) * CAST(:bands_y AS integer)
               / (CAST(:north AS integer) - CAST(:south AS integer)) AS by,
           ST_SetSRID(ST_Square(CAST(:cell AS float8), i, j), CAST(:srid AS integer)) AS geom
    FROM generate_series(CAST(:west AS integer), CAST(:east AS integer) - 1) AS i,
         generate_series(CAST(:south AS integer), CAST(:north AS integer) - 1) AS j
),
block AS (
    SELECT by * CAST(:bands_x AS integer) + bx + 1 AS n,
           ST_Multi(ST_MakeEnvelope(min(i) * CAST(:cell AS float8), min(j) * CAST(:cell AS float8),
                                    (max(i) + 1) * CAST(:cell AS float8), (max(j) + 1) * CAST(:cell AS float8),
                                    CAST(:srid AS integer))) AS geom
    FROM cell
    GROUP BY bx, by
),
community AS (
    INSERT INTO area (code, level, name_zh, name_en, parent_id, note, geom)
    SELECT CAST(:street_code AS text) || lpad(n::text, 3, '0'), 'community',
           CAST(:name_zh AS text) || '第' || n || '片区', CAST(:name_en AS text) || ', block ' || n,
           CAST(:street_id AS bigint), :note, geom
    FROM block
    RETURNING id, code
)
INSERT INTO unit_grid (code, edition, community_id, area_m2, note, geom)
SELECT community.code
           || lpad((row_number() OVER (PARTITION BY community.id ORDER BY cell.j DESC, cell.i))::text, 3, '0'),
       :edition, community.id, CAST(:cell AS float8) * CAST(:cell AS float8), :note, cell.geom
FROM cell
JOIN community
  ON community.code = CAST(:street_code AS text)
                      || lpad((cell.by * CAST(:bands_x AS integer) + cell.bx + 1)::text, 3, '0')
