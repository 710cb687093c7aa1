-- The capture of one table: two functions from this template, the names in «» filled in from the model by ledger/install.py. They name the table's own
-- columns, so that an image costs one pass over the row. Transition tables are seen only by the trigger function itself, so updates have their own.

CREATE OR REPLACE FUNCTION holdfast_added_«table»() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE opened bigint := (SELECT change_set_id FROM ledger_pendingchangeset WHERE leaf_hash IS NULL);
BEGIN
    IF opened IS NULL THEN
        RAISE EXCEPTION '% on % refused: no change set is open.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'HF001';
    END IF;
    «added_to»
    INSERT INTO ledger_rowchange (change_set_id, table_name, row_id, operation, before, after, access, programme_id, scope_site_id)
    SELECT opened, '«table»', n.«key», 'insert', NULL, «new_image», «access», «programme», «site» FROM new_rows n;
    «exceptions_added»
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION holdfast_changed_«table»() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE opened bigint := (SELECT change_set_id FROM ledger_pendingchangeset WHERE leaf_hash IS NULL);
BEGIN
    IF opened IS NULL THEN
        RAISE EXCEPTION '% on % refused: no change set is open.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'HF001';
    END IF;
    «changed_of»
    IF EXISTS (SELECT FROM old_rows o FULL JOIN new_rows n ON n.«key» = o.«key» WHERE o.«key» IS NULL OR n.«key» IS NULL«moved») THEN
        RAISE EXCEPTION 'UPDATE on % refused: a primary key does not change, nor does the programme of a row.', TG_TABLE_NAME USING ERRCODE = 'HF006';
    END IF;
    IF EXISTS (SELECT FROM old_rows o WHERE («may_write_old») IS NOT TRUE) THEN
        RAISE EXCEPTION 'UPDATE on % refused: a row in it is yours to read and not to write.', TG_TABLE_NAME USING ERRCODE = 'HF011';
    END IF;
    INSERT INTO ledger_rowchange (change_set_id, table_name, row_id, operation, before, after, access, programme_id, scope_site_id)
    SELECT opened, '«table»', n.«key», 'update', «old_image», «new_image», «access», «programme», «site»
      FROM old_rows o JOIN new_rows n ON n.«key» = o.«key» WHERE n IS DISTINCT FROM o;
    «exceptions_changed»
    RETURN NULL;
END $$;
