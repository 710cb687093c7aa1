-- One door. A change set is open while this transaction has a pending row without a digest. No such row is ever committed, so no transaction
-- sees another's, and a restored database has none. (A stored transaction id would collide after a restore.)

-- A change set is opened in a person's own name, by somebody who may write where it says; who only looks is told so before anything is tried.
CREATE OR REPLACE FUNCTION holdfast_refuse_reader(actor bigint, called text, programme bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    writable bigint[] := holdfast_scope('writable_whole') || holdfast_scope('writable_work');
    place text := (SELECT number FROM ledger_programme WHERE id = programme);
BEGIN
    IF NOT EXISTS (SELECT FROM people_person p WHERE p.id = actor AND p.printed_name = called) THEN
        RAISE EXCEPTION 'Person % is not called %: a change set is opened in its actor''s own name.', actor, called USING ERRCODE = 'HF004';
    END IF;
    IF (programme IS NULL AND cardinality(writable) = 0) OR programme <> ALL (writable) THEN
        RAISE EXCEPTION '% may not write%: it takes a role that does more than look, and a grant that is not read-only, both in force today. Nothing was changed.',
            called, coalesce(' in ' || place, ' in any programme') USING ERRCODE = 'HF011';
    END IF;
END $$;

-- Identifies the actor and opens, in one round trip. `closes_at_commit` is for a change set that is its transaction: the commit closes it.
CREATE OR REPLACE FUNCTION holdfast_open_change_set(
    actor bigint, printed_name text, what text, why text, programme bigint, closes_at_commit boolean, OUT opened bigint, OUT scope_before text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE last timestamptz;
BEGIN
    IF coalesce(btrim(printed_name), '') = '' OR coalesce(btrim(what), '') = '' OR coalesce(btrim(why), '') = '' THEN
        RAISE EXCEPTION 'A change set needs an actor, an action and a reason.' USING ERRCODE = 'HF004';
    END IF;
    IF EXISTS (SELECT FROM ledger_pendingchangeset WHERE leaf_hash IS NULL) THEN
        RAISE EXCEPTION 'A change set is already open in this transaction: one thing a person does is one change set.' USING ERRCODE = 'HF004';
    END IF;
    -- A clock that was set back would put what happens now before what has happened. Clocks are nudged by seconds; more is refused.
    SELECT recorded_at INTO last FROM ledger_changeset ORDER BY id DESC LIMIT 1;
    IF last > clock_timestamp() + interval '10 seconds' THEN
        RAISE EXCEPTION 'The clock says %, and the ledger''s last entry is of %. Set the clock of the database''s machine; nothing was written.',
            to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), to_char(last AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
            USING ERRCODE = 'HF007';
    END IF;
    IF NOT closes_at_commit THEN
        scope_before := holdfast_scope_now();
    END IF;
    IF actor IS NULL THEN
        PERFORM holdfast_identify_operator();
    ELSE
        PERFORM holdfast_identify_person(actor);
        PERFORM holdfast_refuse_reader(actor, printed_name, programme);
    END IF;
    INSERT INTO ledger_changeset (actor_id, actor_name, action, reason, programme_id, recorded_at)
         VALUES (actor, printed_name, what, why, programme, clock_timestamp()) RETURNING id INTO opened;
    INSERT INTO ledger_pendingchangeset (change_set_id, closes_at_commit) VALUES (opened, closes_at_commit);
    IF what IN ('sign-in refused', 'signature refused') THEN  -- who asks is not who they say: seen by whoever sees the whole programme
        INSERT INTO ledger_ledgerexception (change_set_id, kind, table_name, rows, access, programme_id) VALUES (opened, 'refused', '', 0, 'whole', programme);
    END IF;
END $$;

-- The digest is taken here, in the change set's own transaction; from now on the row waits for its place in the tree.
CREATE OR REPLACE FUNCTION holdfast_digest_change_set(opened bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE statement text := holdfast_statement(opened);
BEGIN
    UPDATE ledger_pendingchangeset SET leaf_hash = sha256('\x00'::bytea || convert_to(statement, 'UTF8')), written_by = pg_current_xact_id()
     WHERE change_set_id = opened AND leaf_hash IS NULL;
END $$;

CREATE OR REPLACE FUNCTION holdfast_close_change_set(opened bigint, scope_before text[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.holdfast_digest_change_set(opened);
    PERFORM public.holdfast_restore_scope(scope_before);
END $$;

CREATE OR REPLACE FUNCTION holdfast_refuse_open_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.closes_at_commit THEN
        PERFORM public.holdfast_digest_change_set(NEW.change_set_id);
    ELSIF EXISTS (SELECT FROM public.ledger_pendingchangeset WHERE change_set_id = NEW.change_set_id AND leaf_hash IS NULL) THEN
        RAISE EXCEPTION 'Change set % was left open: nothing is committed.', NEW.change_set_id USING ERRCODE = 'HF005';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION holdfast_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_pendingchangeset WHERE leaf_hash IS NULL) THEN
        RAISE EXCEPTION '% on % refused: no change set is open, so nobody would have done it and nobody would know why.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'HF001', HINT = 'Write inside "with change_set(actor, action=..., reason=...)".';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'DELETE on % refused: a regulated row is voided with a reason, never deleted.', TG_TABLE_NAME USING ERRCODE = 'HF002';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION holdfast_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE on % refused: a regulated row is never deleted.', TG_TABLE_NAME USING ERRCODE = 'HF002';
END $$;

-- A signed header may only be voided; a signature never changes.
CREATE OR REPLACE FUNCTION holdfast_keep_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'ledger_signature' THEN
        RAISE EXCEPTION 'A signature never changes.' USING ERRCODE = 'HF003';
    END IF;
    IF OLD.signed_digest <> '' AND
       (to_jsonb(NEW) - ARRAY['voided_at', 'void_reason']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['voided_at', 'void_reason']) THEN
        RAISE EXCEPTION '% % version % is signed and cannot change. A correction is a new version.', OLD.kind, OLD.number, OLD.version
            USING ERRCODE = 'HF003';
    END IF;
    RETURN NEW;
END $$;
