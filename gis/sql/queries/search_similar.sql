-- Names one character away from plain words (patterns: LIKE patterns of whole names), or that sound like them
-- (latin, by trigrams of pinyin). Asked only where nothing holds the words themselves.
WITH hit AS (
    SELECT n.*, n.valid_to <= current_date AS former,
           CASE WHEN n.plain LIKE ANY (CAST(:patterns AS text[])) THEN 0.6
                ELSE 0.5 * word_similarity(:latin, n.pinyin) END AS score
    FROM search_name AS n
    WHERE (:latin <% n.pinyin
           OR length(n.plain) BETWEEN :length - 1 AND :length + 1 AND n.plain LIKE ANY (CAST(:patterns AS text[])))
      AND (CAST(:kinds AS text[]) IS NULL OR n.kind = ANY (CAST(:kinds AS text[])))
      AND (CAST(:west AS float8) IS NULL
           OR n.geom && ST_MakeEnvelope(:west, :south, :east, :north, :srid))
), once AS (
    SELECT DISTINCT ON (kind, ref_id) *, score - CASE WHEN former THEN 0.1 ELSE 0 END AS sure,
           coalesce((ST_X(geom) - CAST(:x AS float8)) ^ 2 + (ST_Y(geom) - CAST(:y AS float8)) ^ 2, 0) AS away
    FROM hit
    ORDER BY kind, ref_id, score DESC, rank, id
)
SELECT kind, ref_id, name, 'similar' AS match, sure AS score, former, valid_to,
       ST_X(geom) AS easting, ST_Y(geom) AS northing
FROM once
ORDER BY sure DESC, array_position(ARRAY['area', 'road', 'place', 'building', 'duty_grid'], kind::text), away,
         length(plain), plain COLLATE "C", ref_id
LIMIT :limit
