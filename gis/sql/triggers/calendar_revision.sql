-- What the working clock is made of. Made anew with schema app at each upgrade, in the same transaction.

CREATE TRIGGER calendar_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.calendar_day
    FOR EACH STATEMENT EXECUTE FUNCTION app.renew_calendar_revision();
CREATE TRIGGER calendar_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.local_day
    FOR EACH STATEMENT EXECUTE FUNCTION app.renew_calendar_revision();
CREATE TRIGGER calendar_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.work_shift
    FOR EACH STATEMENT EXECUTE FUNCTION app.renew_calendar_revision();
CREATE TRIGGER calendar_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.seasonal_limit
    FOR EACH STATEMENT EXECUTE FUNCTION app.renew_calendar_revision();
