-- Names made ready to be searched, and the triggers that keep them so. What becomes of a row stands in the views
-- app.names_of_<kind> and app.doors_of_<kind> (gis/sql/views/search.sql); the index is those views, written down.

-- A name without what people leave out or write in two ways: width, case, spaces, marks. The hyphen stays: 12-1.
-- gis/place/words.py does the same to what is asked.
CREATE FUNCTION app.plain(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(normalize(words, NFKC)), '[[:space:]·.,:;!?''"“”‘’()\[\]{}<>《》、。/\\_|%]', '', 'g')
$$;

-- Every reading of a plain name, between bars, and its initials alike. The commonest reading of each character,
-- and beside it each name in which one character is read another way. Compiling it for each name would take longer
-- than a thousand names do.
CREATE FUNCTION app.pinyin(plain text, OUT pinyin text, OUT initials text) LANGUAGE sql STABLE
SET jit = off AS $$
    WITH letters AS MATERIALIZED (
        -- One look-up by key a letter: a join would read the whole table for each name.
        SELECT t.n, coalesce((SELECT p.readings FROM public.pinyin AS p WHERE p.letter = t.letter), ARRAY[t.letter])
                    AS readings
        FROM regexp_split_to_table(plain, '') WITH ORDINALITY AS t (letter, n)
    ), other (at, reading) AS (
        SELECT 0::bigint, NULL
        UNION ALL
        SELECT n, unnest(readings[2:]) FROM letters
    ), spelled (pinyin, initials) AS (
        SELECT string_agg(l.reading, '' ORDER BY l.n), string_agg(left(l.reading, 1), '' ORDER BY l.n)
        FROM other CROSS JOIN LATERAL (
            SELECT n, CASE WHEN n = other.at THEN other.reading ELSE readings[1] END AS reading FROM letters
        ) AS l
        GROUP BY other.at, other.reading
    )
    SELECT '|' || string_agg(DISTINCT pinyin, '|') || '|', '|' || string_agg(DISTINCT initials, '|') || '|' FROM spelled
$$;

-- What may stand before the street of an address: province, the city's own names, subdistrict or community.
CREATE FUNCTION app.above_street() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT '^(?:[^0-9]{2,8}?(?:自治区|省))?'
        || coalesce((SELECT string_agg('(?:' || app.plain(part[1]) || ')?', '')
                     FROM public.city, regexp_matches(name_zh, '.+?(?:市|区|县|旗|$)', 'g') AS part), '')
        || '(?:[^0-9]{1,8}?(?:街道|镇|乡|社区)(?=[^0-9]{2,}[路街巷道]))?'
$$;

CREATE FUNCTION app.write_names(of_kind text, ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO public.search_name (kind, ref_id, row_id, rank, name, plain, pinyin, initials, valid_to, geom)'
        ' SELECT %L, n.ref_id, n.row_id, n.rank, n.name, n.plain, p.pinyin, p.initials, n.valid_to, n.geom'
        ' FROM app.names_of_%s AS n CROSS JOIN LATERAL app.pinyin(n.plain) AS p'
        ' WHERE $1 IS NULL OR n.row_id = ANY ($1)', of_kind, of_kind) USING ids;
    IF of_kind IN ('place', 'building') THEN
        EXECUTE format(
            'INSERT INTO public.search_door (kind, ref_id, row_id, address, road, number, rest, valid_to, geom)'
            ' SELECT %L, d.ref_id, d.row_id, d.address, d.road, d.number, d.rest, d.valid_to, d.geom'
            ' FROM app.doors_of_%s AS d WHERE $1 IS NULL OR d.row_id = ANY ($1)', of_kind, of_kind) USING ids;
    END IF;
END $$;

CREATE FUNCTION app.index_names() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.search_name WHERE kind = TG_ARGV[0];
        DELETE FROM public.search_door WHERE kind = TG_ARGV[0];
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT array_agg(id) INTO ids FROM gone;
        DELETE FROM public.search_name WHERE kind = TG_ARGV[0] AND row_id = ANY (ids);
        DELETE FROM public.search_door WHERE kind = TG_ARGV[0] AND row_id = ANY (ids);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT array_agg(id) INTO ids FROM come;
        IF ids IS NOT NULL THEN
            PERFORM app.write_names(TG_ARGV[0], ids);
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- The pieces of a road between junctions share one entry: whatever piece changes, the whole name is written anew.
CREATE FUNCTION app.index_roads() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE names text[]; ids bigint[];
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.search_name WHERE kind = 'road';
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT name_zh) INTO names FROM come;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT name_zh) INTO names FROM gone;
    ELSE
        SELECT array_agg(DISTINCT name_zh) INTO names FROM (SELECT name_zh FROM come UNION SELECT name_zh FROM gone) AS n;
    END IF;
    -- The Chinese name, rank 0, leads to the row that all names of the road were made from.
    SELECT array_agg(row_id) INTO ids FROM public.search_name
    WHERE kind = 'road' AND rank = 0 AND name = ANY (names)
      AND plain = ANY (SELECT app.plain(n) FROM unnest(names) AS n);
    DELETE FROM public.search_name WHERE kind = 'road' AND row_id = ANY (ids);
    INSERT INTO public.search_name (kind, ref_id, row_id, rank, name, plain, pinyin, initials, valid_to, geom)
    SELECT 'road', n.ref_id, n.row_id, n.rank, n.name, n.plain, p.pinyin, p.initials, n.valid_to, n.geom
    FROM app.names_of_road AS n CROSS JOIN LATERAL app.pinyin(n.plain) AS p
    WHERE n.name_zh = ANY (names);
    RETURN NULL;
END $$;

-- The whole index anew, as an upgrade does: what a name becomes may have changed with the release.
CREATE FUNCTION app.rebuild_search() RETURNS void LANGUAGE plpgsql AS $$
DECLARE of_kind text;
BEGIN
    DELETE FROM public.search_name;
    DELETE FROM public.search_door;
    FOREACH of_kind IN ARRAY ARRAY['area', 'road', 'duty_grid', 'building', 'place'] LOOP
        PERFORM app.write_names(of_kind, NULL);
    END LOOP;
END $$;

-- What stands above a street follows from the city's name.
CREATE FUNCTION app.index_city() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM app.rebuild_search();
    RETURN NULL;
END $$;
