-- Search over everything that has a number or a name. With the owner's rights, so that indexes serve (under a policy only leakproof operators use them);
-- it therefore applies the viewer's scope itself, from the same expression that the record's policy is made of, and every use of it is kept.

CREATE OR REPLACE FUNCTION holdfast_search(wanted text, kinds text[], after_rank int, after_number text, after_id bigint, most int)
RETURNS TABLE (rank int, kind text, id bigint, number text, version int, title text, programme_id bigint, is_voided boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked text := lower(btrim(wanted));
    beyond text := asked || chr(1114111);  -- after every text that begins with what was asked
    words tsquery := (SELECT to_tsquery('simple', string_agg(quote_literal(w) || ':*', ' & ')) FROM regexp_split_to_table(asked, '[^[:alnum:]]+') w WHERE w <> '');
    shown int;
    -- Who sees the whole of something walks the index of numbers; who sees only the work of some sites walks each site's own, and not past everybody else's.
    whole boolean;
    own_sites bigint[];
BEGIN
    PERFORM holdfast_identified();
    whole := holdfast_everything() OR cardinality(holdfast_scope('whole')) > 0;
    own_sites := CASE WHEN whole THEN '{}' ELSE holdfast_scope('sites') END;
    IF length(asked) < 2 OR length(asked) > 200 THEN
        RAISE EXCEPTION 'Type between 2 and 200 characters.' USING ERRCODE = 'HF020';
    END IF;
    RETURN QUERY
    WITH records AS (
        (SELECT CASE WHEN lower(r.number) = asked THEN 0 ELSE 1 END AS rank, r.* FROM ledger_record r
          WHERE lower(r.number) COLLATE "C" >= asked AND lower(r.number) COLLATE "C" < beyond
            AND lower(r.number) COLLATE "C" >= CASE WHEN after_rank = 1 THEN lower(after_number) ELSE '' END
            AND (whole OR r.shared)
            AND «scope» AND (cardinality(kinds) = 0 OR r.kind = ANY (kinds))
          ORDER BY lower(r.number) COLLATE "C", r.id LIMIT most + 100)
        UNION ALL
        (SELECT CASE WHEN lower(r.number) = asked THEN 0 ELSE 1 END AS rank, r.* FROM unnest(own_sites) own CROSS JOIN LATERAL (
            SELECT r.* FROM ledger_record r
             WHERE r.scope_site_id = own AND NOT r.shared AND lower(r.number) COLLATE "C" >= asked AND lower(r.number) COLLATE "C" < beyond
               AND lower(r.number) COLLATE "C" >= CASE WHEN after_rank = 1 THEN lower(after_number) ELSE '' END
               AND «scope» AND (cardinality(kinds) = 0 OR r.kind = ANY (kinds))
             ORDER BY lower(r.number) COLLATE "C", r.id LIMIT most + 100) r)
        UNION ALL
        (SELECT CASE WHEN lower(l.patient) = asked THEN 2 ELSE 3 END, r.* FROM batch_lot l JOIN ledger_record r ON r.id = l.record_id
          WHERE lower(l.patient) COLLATE "C" >= asked AND lower(l.patient) COLLATE "C" < beyond
            AND NOT starts_with(lower(r.number), asked)
            AND «scope» AND (cardinality(kinds) = 0 OR r.kind = ANY (kinds)))
        UNION ALL
        (SELECT 4, r.* FROM ledger_record r
          WHERE to_tsvector('simple', r.title) @@ words AND NOT starts_with(lower(r.number), asked)
            AND NOT EXISTS (SELECT FROM batch_lot l WHERE l.record_id = r.id AND starts_with(lower(l.patient), asked))
            AND «scope» AND (cardinality(kinds) = 0 OR r.kind = ANY (kinds)))
    ), people AS (  -- the directory: every identified person sees it
        SELECT 'person' AS kind, p.id, p.number, p.printed_name AS name FROM people_person p
        UNION ALL SELECT 'organisation', o.id, o.number, o.name FROM people_organisation o
        UNION ALL SELECT 'site', s.id, s.number, s.name FROM people_site s
    ), everything AS (
        SELECT r.rank, r.kind::text, r.id, r.number::text, r.version, r.title::text, r.programme_id, r.voided_at IS NOT NULL AS is_voided FROM records r
        UNION ALL
        SELECT CASE WHEN lower(p.number) = asked THEN 0 WHEN starts_with(lower(p.number), asked) THEN 1 ELSE 4 END,
               p.kind, p.id, p.number::text, NULL, p.name::text, NULL, false
          FROM people p
         WHERE (starts_with(lower(p.number), asked) OR to_tsvector('simple', p.name) @@ words) AND (cardinality(kinds) = 0 OR p.kind = ANY (kinds))
    )
    SELECT e.* FROM everything e
     WHERE after_rank IS NULL OR (e.rank, lower(e.number) COLLATE "C", e.id) > (after_rank, lower(after_number) COLLATE "C", after_id)
     ORDER BY e.rank, lower(e.number) COLLATE "C", e.id LIMIT most;
    GET DIAGNOSTICS shown = ROW_COUNT;
    IF current_setting('transaction_read_only') = 'on' THEN
        RAISE LOG 'holdfast search by %: % (%), % found', current_setting('holdfast.viewer'), asked, kinds, shown;  -- a replica keeps nothing else
    ELSE
        INSERT INTO ledger_search (searched_at, viewer, wanted, kinds, found) VALUES (clock_timestamp(), current_setting('holdfast.viewer'), asked, kinds, shown);
    END IF;
END $$;
