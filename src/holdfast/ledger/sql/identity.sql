-- Who is asking. One function of these three sets it, for the transaction; row-level policies read it.
-- With nobody identified a query raises HF010: it does not return nothing.

CREATE OR REPLACE FUNCTION holdfast_set_scope(
    viewer text, everything boolean, whole bigint[], partial bigint[], sites bigint[], writable_whole bigint[], writable_work bigint[],
    organisation bigint[], colleagues bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.set_config('holdfast.viewer', viewer, true),
            pg_catalog.set_config('holdfast.everything', CASE WHEN everything THEN 'on' ELSE 'off' END, true),
            pg_catalog.set_config('holdfast.whole', coalesce(whole, '{}')::text, true),
            pg_catalog.set_config('holdfast.partial', coalesce(partial, '{}')::text, true),
            pg_catalog.set_config('holdfast.sites', coalesce(sites, '{}')::text, true),
            pg_catalog.set_config('holdfast.writable_whole', coalesce(writable_whole, '{}')::text, true),
            pg_catalog.set_config('holdfast.writable_work', coalesce(writable_work, '{}')::text, true),
            pg_catalog.set_config('holdfast.organisation', coalesce(organisation, '{}')::text, true),
            pg_catalog.set_config('holdfast.colleagues', coalesce(colleagues, '{}')::text, true);
END $$;

-- A validity that certainly holds on a day: the last day is included, and an end that nobody stated does not count.
CREATE OR REPLACE FUNCTION holdfast_holds(valid_from date, valid_until date, until_stated boolean, voided_at timestamptz, day date)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT voided_at IS NULL AND valid_from <= day AND (valid_until >= day OR (valid_until IS NULL AND until_stated))
$$;

-- A person sees a programme while their organisation holds a grant on it and they hold a role in it, both today. They write what that grant shows, unless it
-- is read-only or the role only looks. A consultancy acts on a written authority: without one, a role of its people gives nothing.
CREATE OR REPLACE FUNCTION holdfast_identify_person(person bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    organisation bigint;
    needs_authority boolean;
    today date := (now() AT TIME ZONE 'UTC')::date;
    whole bigint[];
    partial bigint[];
    writable_whole bigint[];
    writable_work bigint[];
BEGIN
    SELECT o.id, o.kind = 'consultancy' INTO organisation, needs_authority
      FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id WHERE p.id = person;
    IF organisation IS NULL THEN
        RAISE EXCEPTION 'Person % is not known, so nobody is identified.', person USING ERRCODE = 'HF010';
    END IF;
    SELECT array_agg(DISTINCT g.programme_id) FILTER (WHERE g.extent = 'whole'),
           array_agg(DISTINCT g.programme_id) FILTER (WHERE g.extent = 'own_work'),
           array_agg(DISTINCT g.programme_id) FILTER (WHERE g.extent = 'whole' AND NOT g.read_only AND r.role NOT IN ('reader', 'inspector')),
           array_agg(DISTINCT g.programme_id) FILTER (WHERE g.extent = 'own_work' AND NOT g.read_only AND r.role NOT IN ('reader', 'inspector'))
      INTO whole, partial, writable_whole, writable_work
      FROM people_grant g JOIN people_role r ON r.person_id = person AND r.programme_id = g.programme_id
     WHERE g.organisation_id = organisation
       AND holdfast_holds(g.valid_from, g.valid_until, g.until_stated, g.voided_at, today)
       AND holdfast_holds(r.valid_from, r.valid_until, r.until_stated, r.voided_at, today)
       AND (NOT needs_authority OR btrim(r.authority) <> '');
    PERFORM holdfast_set_scope('person:' || person, false, whole, partial,
        (SELECT array_agg(s.id) FROM people_site s WHERE s.organisation_id = organisation), writable_whole, writable_work,
        ARRAY[organisation], (SELECT array_agg(p.id) FROM people_person p WHERE p.organisation_id = organisation));
END $$;

-- The evaluator gathers dossiers with one whole programme in scope, so that hidden evidence never becomes a pass.
CREATE OR REPLACE FUNCTION holdfast_identify_evaluator(programme bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.holdfast_set_scope('evaluator', false, ARRAY[programme], '{}', '{}', '{}', '{}', '{}', '{}');
END $$;

-- The operator of the machine (command line): whoever can read the database's password already has every row.
CREATE OR REPLACE FUNCTION holdfast_identify_operator()
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.holdfast_set_scope('operator', true, '{}', '{}', '{}', '{}', '{}', '{}', '{}');
END $$;

CREATE OR REPLACE FUNCTION holdfast_identified() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF coalesce(pg_catalog.current_setting('holdfast.viewer', true), '') = '' THEN
        RAISE EXCEPTION 'Nobody is identified in this transaction, so no programme data can be read or written.'
            USING ERRCODE = 'HF010', HINT = 'Open it with viewing(...) or change_set(...), or call holdfast_identify_person(id).';
    END IF;
    RETURN true;
END $$;

-- The same check, for the planner. PostgreSQL asks a policy only when it meets a row, so a query that finds nothing would not notice that nobody is
-- identified. What is declared immutable is computed while the statement is planned, rows or none: that is why this is, although it reads a setting. A plan
-- that is kept (PREPARE) skips it; the checks below, which are asked for every row, then still stand.
CREATE OR REPLACE FUNCTION holdfast_planned_by_somebody() RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN public.holdfast_identified();
END $$;

-- Each of these raises when nobody is identified, because a planner may ask any of them first.
CREATE OR REPLACE FUNCTION holdfast_everything() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN public.holdfast_identified() AND pg_catalog.current_setting('holdfast.everything', true) = 'on';
END $$;

CREATE OR REPLACE FUNCTION holdfast_scope(part text) RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    PERFORM public.holdfast_identified();
    RETURN coalesce(nullif(pg_catalog.current_setting('holdfast.' || part, true), ''), '{}')::bigint[];
END $$;

-- The scope as it is, and back again: what a block that identifies somebody else leaves behind it.
CREATE OR REPLACE FUNCTION holdfast_scope_now() RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY[coalesce(pg_catalog.current_setting('holdfast.viewer', true), ''), coalesce(pg_catalog.current_setting('holdfast.everything', true), ''),
                 coalesce(pg_catalog.current_setting('holdfast.whole', true), ''), coalesce(pg_catalog.current_setting('holdfast.partial', true), ''),
                 coalesce(pg_catalog.current_setting('holdfast.sites', true), ''),
                 coalesce(pg_catalog.current_setting('holdfast.writable_whole', true), ''), coalesce(pg_catalog.current_setting('holdfast.writable_work', true), ''),
                 coalesce(pg_catalog.current_setting('holdfast.organisation', true), ''), coalesce(pg_catalog.current_setting('holdfast.colleagues', true), '')];
$$;

CREATE OR REPLACE FUNCTION holdfast_restore_scope(scope text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.set_config('holdfast.viewer', scope[1], true), pg_catalog.set_config('holdfast.everything', scope[2], true),
            pg_catalog.set_config('holdfast.whole', scope[3], true), pg_catalog.set_config('holdfast.partial', scope[4], true), pg_catalog.set_config('holdfast.sites', scope[5], true),
            pg_catalog.set_config('holdfast.writable_whole', scope[6], true), pg_catalog.set_config('holdfast.writable_work', scope[7], true),
            pg_catalog.set_config('holdfast.organisation', scope[8], true), pg_catalog.set_config('holdfast.colleagues', scope[9], true);
END $$;
