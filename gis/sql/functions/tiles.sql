-- Which tile a place lies in, and what keeps the tables of tiles true to the city's own.

-- The number of the tile column that holds an easting of EPSG:3857, or of the row that holds minus a northing.
CREATE FUNCTION app.tile_number(metres double precision, zoom integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor((metres + 20037508.342789244) / (40075016.685578488 / (1 << zoom)))::integer
$$;

-- The cells of zoom 13 that the box of a geometry of EPSG:3857 touches.
CREATE FUNCTION app.tile_cells(geom geometry) RETURNS TABLE (x integer, y integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT c.x, r.y
    FROM generate_series(app.tile_number(ST_XMin(geom), 13), app.tile_number(ST_XMax(geom), 13)) AS c (x),
         generate_series(app.tile_number(-ST_YMax(geom), 13), app.tile_number(-ST_YMin(geom), 13)) AS r (y)
$$;

-- A trigger's work after a statement on one of the tables that are drawn; its argument is the dataset.
-- Rows are taken out of the table of tiles and put in anew, and the cells they lie in are noted as changed.
-- A row that is over (a state of the past) is in no tile of today, but in those of a day before.
CREATE FUNCTION app.keep_tiles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE tiles text := 'tile_' || TG_TABLE_NAME; columns text;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('TRUNCATE public.%I', tiles);
        DELETE FROM public.tile_line WHERE dataset = TG_ARGV[0];
        DELETE FROM public.tile_count WHERE dataset = TG_ARGV[0];
        INSERT INTO public.data_change (dataset, x, y)
        SELECT DISTINCT dataset, x, y FROM public.data_change WHERE dataset = TG_ARGV[0];
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        EXECUTE format($sql$
            WITH gone AS (
                DELETE FROM public.%1$I AS t USING old_rows AS o WHERE t.id = o.id RETURNING t.geom),
            past AS (
                SELECT ST_Transform(ST_Envelope(ST_Force2D(geom)), 3857) AS geom
                FROM old_rows WHERE valid_to IS NOT NULL)
            INSERT INTO public.data_change (dataset, x, y)
            SELECT DISTINCT %2$L, c.x, c.y
            FROM (SELECT geom FROM gone UNION ALL SELECT geom FROM past) AS r
            CROSS JOIN LATERAL app.tile_cells(r.geom) AS c
        $sql$, tiles, TG_ARGV[0]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT string_agg(quote_ident(attname), ', ') INTO columns
        FROM pg_attribute
        WHERE attrelid = format('public.%I', tiles)::regclass AND attnum > 0 AND NOT attisdropped;
        -- In the order of the plane, so that what lies together is read together.
        EXECUTE format($sql$
            WITH come AS (
                INSERT INTO public.%1$I (%3$s)
                SELECT %3$s FROM app.%1$I AS v WHERE v.id IN (SELECT id FROM new_rows) ORDER BY v.geom
                RETURNING geom),
            past AS (
                SELECT ST_Transform(ST_Envelope(ST_Force2D(geom)), 3857) AS geom
                FROM new_rows WHERE valid_to IS NOT NULL)
            INSERT INTO public.data_change (dataset, x, y)
            SELECT DISTINCT %2$L, c.x, c.y
            FROM (SELECT geom FROM come UNION ALL SELECT geom FROM past) AS r
            CROSS JOIN LATERAL app.tile_cells(r.geom) AS c
        $sql$, tiles, TG_ARGV[0], columns);
    END IF;
    RETURN NULL;
END $$;

-- Tells every process of the service which datasets have changed, when the transaction is committed.
CREATE FUNCTION app.tell_of_tiles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('citygrid_tiles', dataset)
    FROM (SELECT DISTINCT dataset FROM new_rows) AS changed;
    RETURN NULL;
END $$;
