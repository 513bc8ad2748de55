-- How many rows of a dataset a statement has changed, for those who are told of it. While nobody is, it costs
-- the question whether somebody is.
CREATE FUNCTION app.count_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.webhook) THEN
        INSERT INTO public.dataset_change (dataset, changes)
        SELECT TG_ARGV[0], count(*) FROM changed HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END $$;
