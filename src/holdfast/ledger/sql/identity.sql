-- Who is asking. One function of these three sets it, for the transaction; row-level policies read it.
-- With nobody identified a query raises HF010: it does not return nothing.

CREATE OR REPLACE FUNCTION holdfast_set_scope(viewer text, everything boolean, whole bigint[], partial bigint[], sites bigint[], writable bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.set_config('holdfast.viewer', viewer, true),
            pg_catalog.set_config('holdfast.everything', CASE WHEN everything THEN 'on' ELSE 'off' END, true),
            pg_catalog.set_config('holdfast.whole', coalesce(whole, '{}')::text, true),
            pg_catalog.set_config('holdfast.partial', coalesce(partial, '{}')::text, true),
            pg_catalog.set_config('holdfast.sites', coalesce(sites, '{}')::text, true),
            pg_catalog.set_config('holdfast.writable', coalesce(writable, '{}')::text, true);
END $$;

-- A person sees a programme while their organisation holds a grant on it and they hold a role in it, both today; they may write in it when the grant is not
-- read-only and the role is not one that only looks.
CREATE OR REPLACE FUNCTION holdfast_identify_person(person bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    organisation bigint;
    today date := (now() AT TIME ZONE 'UTC')::date;
    whole bigint[];
    partial bigint[];
    writable bigint[];
BEGIN
    SELECT p.organisation_id INTO organisation FROM people_person p WHERE p.id = person;
    IF organisation IS NULL THEN
        RAISE EXCEPTION 'Person % is not known, so nobody is identified.', person USING ERRCODE = 'HF010';
    END IF;
    SELECT array_agg(DISTINCT g.programme_id) FILTER (WHERE g.extent = 'whole'),
           array_agg(DISTINCT g.programme_id) FILTER (WHERE g.extent = 'own_work'),
           array_agg(DISTINCT g.programme_id) FILTER (WHERE NOT g.read_only AND EXISTS (
               SELECT FROM people_role r WHERE r.person_id = person AND r.programme_id = g.programme_id AND r.voided_at IS NULL
                  AND r.role NOT IN ('reader', 'inspector')
                  AND r.valid_from <= today AND (r.valid_until >= today OR (r.valid_until IS NULL AND r.until_stated))))
      INTO whole, partial, writable
      FROM people_grant g
     WHERE g.organisation_id = organisation AND g.voided_at IS NULL
       AND g.valid_from <= today AND (g.valid_until >= today OR (g.valid_until IS NULL AND g.until_stated))
       AND EXISTS (SELECT FROM people_role r
                    WHERE r.person_id = person AND r.programme_id = g.programme_id AND r.voided_at IS NULL
                      AND r.valid_from <= today AND (r.valid_until >= today OR (r.valid_until IS NULL AND r.until_stated)));
    PERFORM holdfast_set_scope('person:' || person, false, whole, partial,
        (SELECT array_agg(s.id) FROM people_site s WHERE s.organisation_id = organisation), writable);
END $$;

-- The evaluator gathers dossiers with one whole programme in scope, so that hidden evidence never becomes a pass.
CREATE OR REPLACE FUNCTION holdfast_identify_evaluator(programme bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.holdfast_set_scope('evaluator', false, ARRAY[programme], '{}', '{}', '{}');
END $$;

-- The operator of the machine (command line): whoever can read the database's password already has every row.
CREATE OR REPLACE FUNCTION holdfast_identify_operator()
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.holdfast_set_scope('operator', true, '{}', '{}', '{}', '{}');
END $$;

CREATE OR REPLACE FUNCTION holdfast_identified() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF coalesce(pg_catalog.current_setting('holdfast.viewer', true), '') = '' THEN
        RAISE EXCEPTION 'Nobody is identified in this transaction, so no programme data can be read or written.'
            USING ERRCODE = 'HF010', HINT = 'Open it with viewing(...) or change_set(...), or call holdfast_identify_person(id).';
    END IF;
    RETURN true;
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
                 coalesce(pg_catalog.current_setting('holdfast.sites', true), ''), coalesce(pg_catalog.current_setting('holdfast.writable', true), '')];
$$;

CREATE OR REPLACE FUNCTION holdfast_restore_scope(scope text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.set_config('holdfast.viewer', scope[1], true), pg_catalog.set_config('holdfast.everything', scope[2], true),
            pg_catalog.set_config('holdfast.whole', scope[3], true), pg_catalog.set_config('holdfast.partial', scope[4], true), pg_catalog.set_config('holdfast.sites', scope[5], true),
            pg_catalog.set_config('holdfast.writable', scope[6], true);
END $$;
