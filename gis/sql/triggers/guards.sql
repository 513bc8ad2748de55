-- Which table is guarded by what. Made anew with schema app at each upgrade, in the same transaction.

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.case_step
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON public.case_step
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER two_centres AFTER INSERT ON public.case_step REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.guard_two_centres();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.edit_record
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON public.edit_record
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.closed_period
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON public.closed_period
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();

CREATE TRIGGER place_insert AFTER INSERT ON public."case" REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.guard_case_place();
CREATE TRIGGER place_update AFTER UPDATE ON public."case" REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.guard_case_place();

CREATE TRIGGER place_insert AFTER INSERT ON public.component REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.guard_component_place();
CREATE TRIGGER place_update AFTER UPDATE ON public.component REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.guard_component_place();

CREATE TRIGGER place_insert AFTER INSERT ON public.unit_grid REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.guard_unit_grid();
CREATE TRIGGER place_update AFTER UPDATE ON public.unit_grid REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.guard_unit_grid();

CREATE TRIGGER ends_insert AFTER INSERT ON public.pipe_segment REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.guard_segment_ends();
CREATE TRIGGER ends_update AFTER UPDATE ON public.pipe_segment REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.guard_segment_ends();
