-- The index of names and addresses follows every change of what has one, whoever makes it.

CREATE TRIGGER search_insert AFTER INSERT ON public.area REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('area');
CREATE TRIGGER search_update AFTER UPDATE ON public.area REFERENCING OLD TABLE AS gone NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('area');
CREATE TRIGGER search_delete AFTER DELETE ON public.area REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('area');
CREATE TRIGGER search_truncate AFTER TRUNCATE ON public.area
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('area');

CREATE TRIGGER search_insert AFTER INSERT ON public.duty_grid REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('duty_grid');
CREATE TRIGGER search_update AFTER UPDATE ON public.duty_grid REFERENCING OLD TABLE AS gone NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('duty_grid');
CREATE TRIGGER search_delete AFTER DELETE ON public.duty_grid REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('duty_grid');
CREATE TRIGGER search_truncate AFTER TRUNCATE ON public.duty_grid
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('duty_grid');

CREATE TRIGGER search_insert AFTER INSERT ON public.building REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('building');
CREATE TRIGGER search_update AFTER UPDATE ON public.building REFERENCING OLD TABLE AS gone NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('building');
CREATE TRIGGER search_delete AFTER DELETE ON public.building REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('building');
CREATE TRIGGER search_truncate AFTER TRUNCATE ON public.building
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('building');

CREATE TRIGGER search_insert AFTER INSERT ON public.place REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('place');
CREATE TRIGGER search_update AFTER UPDATE ON public.place REFERENCING OLD TABLE AS gone NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('place');
CREATE TRIGGER search_delete AFTER DELETE ON public.place REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('place');
CREATE TRIGGER search_truncate AFTER TRUNCATE ON public.place
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_names('place');

CREATE TRIGGER search_insert AFTER INSERT ON public.road REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_roads();
CREATE TRIGGER search_update AFTER UPDATE ON public.road REFERENCING OLD TABLE AS gone NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_roads();
CREATE TRIGGER search_delete AFTER DELETE ON public.road REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_roads();
CREATE TRIGGER search_truncate AFTER TRUNCATE ON public.road
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_roads();

CREATE TRIGGER search_city AFTER INSERT OR UPDATE OF name_zh OR DELETE ON public.city
    FOR EACH STATEMENT EXECUTE FUNCTION app.index_city();
