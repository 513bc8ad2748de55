-- What other systems are told of the datasets: how much of which has changed, by statement.
DO $$
DECLARE
    dataset record;
    event record;
BEGIN
    FOR dataset IN
        SELECT * FROM (VALUES
            ('area', 'areas'), ('unit_grid', 'unit_grids'), ('duty_grid', 'duty_grids'), ('road', 'roads'),
            ('building', 'buildings'), ('component', 'components'), ('pipe_segment', 'pipe_segments'),
            ('pipe_point', 'pipe_points')
        ) AS known (rows, name)
    LOOP
        FOR event IN SELECT * FROM (VALUES ('INSERT', 'NEW'), ('UPDATE', 'NEW'), ('DELETE', 'OLD')) AS e (kind, rows)
        LOOP
            EXECUTE format(
                'CREATE TRIGGER count_changes_%s AFTER %s ON public.%I REFERENCING %s TABLE AS changed'
                ' FOR EACH STATEMENT EXECUTE FUNCTION app.count_changes(%L)',
                lower(event.kind), event.kind, dataset.rows, event.rows, dataset.name
            );
        END LOOP;
    END LOOP;
END $$;
