-- One door. A change set is open while this transaction has its marker row; the marker is deleted before commit, so no
-- transaction ever sees another's, and a restored database has none. (A stored transaction id would collide after a restore.)

CREATE OR REPLACE FUNCTION holdfast_open_change_set(actor bigint, printed_name text, what text, why text, programme bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE opened bigint;
BEGIN
    IF coalesce(btrim(printed_name), '') = '' OR coalesce(btrim(what), '') = '' OR coalesce(btrim(why), '') = '' THEN
        RAISE EXCEPTION 'A change set needs an actor, an action and a reason.' USING ERRCODE = 'HF004';
    END IF;
    IF EXISTS (SELECT FROM ledger_openchangeset) THEN
        RAISE EXCEPTION 'A change set is already open in this transaction: one thing a person does is one change set.' USING ERRCODE = 'HF004';
    END IF;
    INSERT INTO ledger_changeset (actor_id, actor_name, action, reason, programme_id, recorded_at)
         VALUES (actor, printed_name, what, why, programme, clock_timestamp()) RETURNING id INTO opened;
    INSERT INTO ledger_openchangeset (change_set_id) VALUES (opened);
    RETURN opened;
END $$;

CREATE OR REPLACE FUNCTION holdfast_close_change_set(opened bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DELETE FROM ledger_openchangeset WHERE change_set_id = opened;
$$;

CREATE OR REPLACE FUNCTION holdfast_refuse_open_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_openchangeset WHERE change_set_id = NEW.change_set_id) THEN
        RAISE EXCEPTION 'Change set % was left open: nothing is committed.', NEW.change_set_id USING ERRCODE = 'HF005';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION holdfast_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_openchangeset) THEN
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

-- Arguments: primary key column, access, column naming the record the row is part of ('' if none), column left out of the image ('' if none).
CREATE OR REPLACE FUNCTION holdfast_capture_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    opened bigint := (SELECT change_set_id FROM ledger_openchangeset);
    key text := TG_ARGV[0];
    access text := TG_ARGV[1];
    part_of text := TG_ARGV[2];
    left_out text := TG_ARGV[3];
    scope_column text := CASE WHEN TG_TABLE_NAME = 'ledger_programme' THEN 'id' ELSE 'programme_id' END;
BEGIN
    IF opened IS NULL THEN
        RAISE EXCEPTION '% on % refused: no change set is open.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'HF001';
    END IF;
    IF part_of <> '' AND EXISTS (
        SELECT FROM new_rows n JOIN ledger_record r ON r.id = (to_jsonb(n) ->> part_of)::bigint WHERE r.signed_digest <> '') THEN
        RAISE EXCEPTION '% on % refused: the version is signed. A correction is a new version.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'HF003';
    END IF;
    INSERT INTO ledger_rowchange (change_set_id, table_name, row_id, operation, before, after, access, programme_id, scope_site_id)
    SELECT opened, TG_TABLE_NAME, (image ->> key)::bigint, 'insert', NULL, image,
           CASE WHEN image ->> 'shared' = 'true' THEN 'shared' ELSE access END,
           (image ->> scope_column)::bigint, (image ->> 'scope_site_id')::bigint
      FROM (SELECT to_jsonb(n) - left_out AS image FROM new_rows n) images;
    RETURN NULL;
END $$;

-- Transition tables are seen only by the trigger function itself, so updates have a function of their own.
CREATE OR REPLACE FUNCTION holdfast_capture_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    opened bigint := (SELECT change_set_id FROM ledger_openchangeset);
    key text := TG_ARGV[0];
    access text := TG_ARGV[1];
    part_of text := TG_ARGV[2];
    left_out text := TG_ARGV[3];
    scope_column text := CASE WHEN TG_TABLE_NAME = 'ledger_programme' THEN 'id' ELSE 'programme_id' END;
BEGIN
    IF opened IS NULL THEN
        RAISE EXCEPTION '% on % refused: no change set is open.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'HF001';
    END IF;
    IF part_of <> '' AND EXISTS (
        SELECT FROM (SELECT to_jsonb(o) AS image FROM old_rows o UNION ALL SELECT to_jsonb(n) FROM new_rows n) images
          JOIN ledger_record r ON r.id = (image ->> part_of)::bigint WHERE r.signed_digest <> '') THEN
        RAISE EXCEPTION '% on % refused: the version is signed. A correction is a new version.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'HF003';
    END IF;
    IF EXISTS (SELECT FROM (SELECT to_jsonb(o) ->> key AS k FROM old_rows o) o FULL JOIN (SELECT to_jsonb(n) ->> key AS k FROM new_rows n) n USING (k)
                WHERE o IS NULL OR n IS NULL) THEN
        RAISE EXCEPTION 'UPDATE on % refused: a primary key does not change.', TG_TABLE_NAME USING ERRCODE = 'HF006';
    END IF;
    INSERT INTO ledger_rowchange (change_set_id, table_name, row_id, operation, before, after, access, programme_id, scope_site_id)
    SELECT opened, TG_TABLE_NAME, (n.image ->> key)::bigint, 'update', o.image, n.image,
           CASE WHEN n.image ->> 'shared' = 'true' THEN 'shared' ELSE access END,
           (n.image ->> scope_column)::bigint, (n.image ->> 'scope_site_id')::bigint
      FROM (SELECT to_jsonb(old_rows) - left_out AS image FROM old_rows) o
      JOIN (SELECT to_jsonb(new_rows) - left_out AS image FROM new_rows) n ON n.image -> key = o.image -> key
     WHERE n.image IS DISTINCT FROM o.image;
    RETURN NULL;
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
