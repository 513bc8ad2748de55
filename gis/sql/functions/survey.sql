-- What a survey's numbers come to, row by row; each is one expression, so that statements take it in.

-- Two measures of one thing, metres: whether they differ by more than the last digit that surveys give.
CREATE FUNCTION app.differs(a float8, b float8) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (a IS NULL) <> (b IS NULL) OR coalesce(abs(a - b) > 0.0006, false)
$$;

-- The same for heights of a shape, where unknown is NaN and not NULL.
CREATE FUNCTION app.heights_differ(a float8, b float8) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT NOT (a = b OR abs(a - b) <= 0.0006)
$$;

-- The height of a pipe's centre at one end; NULL where level, or ground and depth, or the size is unknown.
-- See gis/pipeline/levels.py: the level is of the inside bottom, or else of the outer top.
CREATE FUNCTION app.centre_level(at_bottom boolean, level float8, ground float8, depth_m float8, height_mm integer)
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(level, ground - depth_m) + CASE WHEN at_bottom THEN height_mm ELSE -height_mm END / 2000.0
$$;

-- A vertex at a height, or where it is while that is unknown.
CREATE FUNCTION app.at_height(place geometry, z float8) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
    SELECT ST_MakePoint(ST_X(place), ST_Y(place), coalesce(z, ST_Z(place)))
$$;

-- The line of a segment: as it was drawn, else straight between its points. Heights at its ends as given, in between
-- linear in plan; where they are unknown, those of the drawing, else NaN.
CREATE FUNCTION app.pipe_line(drawn geometry, a geometry, b geometry, start_z float8, end_z float8)
RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN drawn IS NULL THEN ST_SetSRID(ST_MakeLine(
            ST_MakePoint(ST_X(a), ST_Y(a), coalesce(start_z, 'NaN')),
            ST_MakePoint(ST_X(b), ST_Y(b), coalesce(end_z, 'NaN'))), ST_SRID(a))
        WHEN start_z IS NULL AND end_z IS NULL THEN drawn
        -- Measures are linear along a line; exchanged for heights, they are the heights.
        ELSE ST_SetPoint(ST_SetPoint(
            ST_Force3DZ(ST_SwapOrdinates(ST_Force4D(ST_AddMeasure(
                ST_Force2D(drawn), coalesce(start_z, 'NaN'), coalesce(end_z, 'NaN'))), 'zm')),
            0, app.at_height(ST_StartPoint(drawn), start_z)), -1, app.at_height(ST_EndPoint(drawn), end_z))
    END
$$;

-- Whether two lines run elsewhere, or at other heights at their ends.
CREATE FUNCTION app.lines_differ(a geometry, b geometry) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT ST_NPoints(a) <> ST_NPoints(b)
        OR ST_Distance(ST_StartPoint(a), ST_StartPoint(b)) > 0.0006
        OR ST_Distance(ST_EndPoint(a), ST_EndPoint(b)) > 0.0006
        OR app.heights_differ(ST_Z(ST_StartPoint(a)), ST_Z(ST_StartPoint(b)))
        OR app.heights_differ(ST_Z(ST_EndPoint(a)), ST_Z(ST_EndPoint(b)))
        OR ST_NPoints(a) > 2 AND ST_HausdorffDistance(ST_Force2D(a), ST_Force2D(b)) > 0.0006
$$;

-- Cells that no column holds, by the names that surveys use: what the file brought, what could not be read, the rest.
CREATE FUNCTION app.kept_cells(extra jsonb, unread jsonb, names jsonb, more jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN unread = '{}' AND more IS NULL THEN extra ELSE
        extra || (SELECT coalesce(jsonb_object_agg(coalesce(names ->> key, key), value), '{}') FROM jsonb_each(unread))
              || coalesce(jsonb_strip_nulls(more), '{}')
    END
$$;

-- Where a point of a survey would be after an import, by its number.
CREATE FUNCTION app.place_of(import_id bigint, survey text, point_no text) RETURNS geometry LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT s.geom FROM public.survey_staged_point AS s
         WHERE s.import_id = $1 AND s.point_no = $3 AND s.change <> 'refused'),
        (SELECT p.geom FROM public.pipe_point AS p WHERE p.survey = $2 AND p.point_no = $3 AND p.valid_to IS NULL))
$$;

-- Where an import would put a point that lives; NULL where it leaves it.
CREATE FUNCTION app.staged_place(import_id bigint, living_id bigint) RETURNS geometry LANGUAGE sql STABLE AS $$
    SELECT s.geom
    FROM public.pipe_point AS p
    JOIN public.survey_staged_point AS s ON s.import_id = $1 AND s.point_no = p.point_no AND s.living_id = p.id
    WHERE p.id = $2 AND s.change = 'changed'
$$;
