-- Which tables are drawn from tiles that the database keeps, and as which dataset; rows of gis/tile/datasets.py.

DO $$
DECLARE subject text; dataset text;
BEGIN
    FOR subject, dataset IN
        VALUES ('area', 'areas'), ('unit_grid', 'unit_grids'), ('duty_grid', 'duty_grids'), ('road', 'roads'),
               ('building', 'buildings'), ('pipe_segment', 'pipe_segments'), ('pipe_point', 'pipe_points'),
               ('component', 'components')
    LOOP
        EXECUTE format($sql$
            CREATE TRIGGER keep_tiles_insert AFTER INSERT ON public.%1$I REFERENCING NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION app.keep_tiles(%2$L);
            CREATE TRIGGER keep_tiles_update AFTER UPDATE ON public.%1$I
                REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION app.keep_tiles(%2$L);
            CREATE TRIGGER keep_tiles_delete AFTER DELETE ON public.%1$I REFERENCING OLD TABLE AS old_rows
                FOR EACH STATEMENT EXECUTE FUNCTION app.keep_tiles(%2$L);
            CREATE TRIGGER keep_tiles_truncate AFTER TRUNCATE ON public.%1$I
                FOR EACH STATEMENT EXECUTE FUNCTION app.keep_tiles(%2$L);
        $sql$, subject, dataset);
    END LOOP;
END $$;

CREATE TRIGGER tell_of_tiles AFTER INSERT ON public.data_change REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.tell_of_tiles();
