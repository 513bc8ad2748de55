-- Names that answer plain words, the best first, each thing once. q: the words; is_latin: typed in Latin letters;
-- begins, holds: LIKE patterns of them; read, read_whole: of how they are read, between the bars of pinyin and
-- initials. The GIN index of the three columns serves. x, y (or null): nearer things first among equals;
-- west … north (or null): only inside this box, metres.
WITH hit AS (
    SELECT n.*, n.valid_to <= current_date AS former,
           CASE
               WHEN n.plain = :q THEN 1.0
               WHEN n.pinyin LIKE :read_whole AND :is_latin THEN 0.95
               WHEN n.plain LIKE :begins THEN 0.8 + 0.1 * length(:q) / length(n.plain)
               WHEN n.initials LIKE :read_whole AND :is_latin THEN 0.85
               WHEN n.pinyin LIKE :read AND :is_latin THEN 0.75
               WHEN n.plain LIKE :holds THEN 0.65 + 0.1 * length(:q) / length(n.plain)
               WHEN n.initials LIKE :read AND :is_latin THEN 0.6
               WHEN n.pinyin LIKE :read_whole THEN 0.7
               ELSE 0.5
           END AS score,
           CASE
               WHEN n.plain = :q THEN 'exact'
               WHEN n.pinyin LIKE :read_whole AND :is_latin THEN 'pinyin'
               WHEN n.plain LIKE :begins THEN 'prefix'
               WHEN n.initials LIKE :read_whole AND :is_latin THEN 'initials'
               WHEN n.pinyin LIKE :read AND :is_latin THEN 'pinyin'
               WHEN n.plain LIKE :holds THEN 'part'
               WHEN n.initials LIKE :read AND :is_latin THEN 'initials'
               ELSE 'pinyin'
           END AS match
    FROM search_name AS n
    WHERE (n.plain LIKE :holds OR n.pinyin LIKE :read OR (:is_latin AND n.initials LIKE :read))
      AND (CAST(:kinds AS text[]) IS NULL OR n.kind = ANY (CAST(:kinds AS text[])))
      AND (CAST(:west AS float8) IS NULL
           OR n.geom && ST_MakeEnvelope(:west, :south, :east, :north, :srid))
), once AS (
    SELECT DISTINCT ON (kind, ref_id) *, score - CASE WHEN former THEN 0.1 ELSE 0 END AS sure,
           coalesce((ST_X(geom) - CAST(:x AS float8)) ^ 2 + (ST_Y(geom) - CAST(:y AS float8)) ^ 2, 0) AS away
    FROM hit
    ORDER BY kind, ref_id, score - CASE WHEN former THEN 0.1 ELSE 0 END DESC, rank, id
)
SELECT kind, ref_id, name, match, sure AS score, former, valid_to, ST_X(geom) AS easting, ST_Y(geom) AS northing
FROM once
ORDER BY sure DESC, array_position(ARRAY['area', 'road', 'place', 'building', 'duty_grid'], kind::text), away,
         length(plain), plain COLLATE "C", ref_id
LIMIT :limit
