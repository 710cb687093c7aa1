-- Seals. Every change set has a digest, taken in its own transaction; a sequencer appends digests to a Merkle tree (RFC 6962). Writers never wait for it.

-- The text of one row image that is digested. No field can run into the next: the first fields hold no '|' and JSON text holds no line feed.
CREATE OR REPLACE FUNCTION holdfast_image_text(
    id bigint, table_name varchar, row_id bigint, operation varchar, access varchar, programme_id bigint, scope_site_id bigint, before text, after text)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat(id, '|', table_name, '|', row_id, '|', operation, '|', access, '|', programme_id, '|', scope_site_id, '|', before, E'\n', after)
$$;

-- What a leaf says: who did what, when, why, and the digest of every image in order. With the caller's rights: who does not see the whole change set
-- gets a statement whose hash is not the leaf's.
CREATE OR REPLACE FUNCTION holdfast_statement(wanted bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    made public.ledger_changeset;
    number bigint;
    digests bytea;
BEGIN
    SELECT * INTO made FROM public.ledger_changeset c WHERE c.id = wanted;
    SELECT count(*), coalesce(string_agg(sha256(convert_to(public.holdfast_image_text(
               i.id, i.table_name, i.row_id, i.operation, i.access, i.programme_id, i.scope_site_id, i.before, i.after), 'UTF8')), ''::bytea ORDER BY i.id), ''::bytea)
      INTO number, digests FROM public.ledger_rowchange i WHERE i.change_set_id = wanted;
    RETURN jsonb_build_object(
        'format', 'holdfast-change-set/1', 'id', made.id, 'actor', made.actor_id, 'actor_name', made.actor_name, 'action', made.action,
        'reason', made.reason, 'programme', made.programme_id,
        'recorded_at', to_char(made.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'images', number, 'images_digest', encode(sha256(digests), 'hex'))::text;
END $$;

CREATE OR REPLACE FUNCTION holdfast_leaf_hash(wanted bigint) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256('\x00'::bytea || convert_to(public.holdfast_statement(wanted), 'UTF8'))
$$;

-- Append what is ready to the tree; returns its size. Ready is what every running transaction is younger than (below the snapshot's xmin), so that
-- nothing can later appear among what was sealed, and a slow transaction is sealed when it ends, not lost. A number from the future (at or above xmax)
-- was given by another cluster, before a restore: its transaction is over. Sequencers take turns; with `wait` false the second leaves it to the first. No
-- writer takes this lock.
CREATE OR REPLACE FUNCTION holdfast_seal(wait boolean) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first bigint;
    size bigint;
    height int := 0;
BEGIN
    IF wait THEN
        PERFORM pg_advisory_xact_lock(5211202119);
    ELSIF NOT pg_try_advisory_xact_lock(5211202119) THEN
        RETURN (SELECT coalesce(max(index) + 1, 0) FROM ledger_leaf);
    END IF;
    first := (SELECT coalesce(max(index) + 1, 0) FROM ledger_leaf);
    WITH taken AS (
        DELETE FROM ledger_pendingchangeset
         WHERE leaf_hash IS NOT NULL
           AND (written_by < pg_snapshot_xmin(pg_current_snapshot()) OR written_by >= pg_snapshot_xmax(pg_current_snapshot()))
        RETURNING change_set_id, leaf_hash, written_by, written_by >= pg_snapshot_xmax(pg_current_snapshot()) AS is_foreign)
    INSERT INTO ledger_leaf (index, change_set_id, leaf_hash)
    SELECT first - 1 + row_number() OVER (ORDER BY NOT is_foreign, written_by, change_set_id), change_set_id, leaf_hash FROM taken;
    size := (SELECT coalesce(max(index) + 1, 0) FROM ledger_leaf);
    IF size > first THEN
        WHILE (size >> (height + 1)) > (first >> (height + 1)) LOOP
            INSERT INTO ledger_treenode (level, index, hash)
            SELECT height + 1, i, sha256('\x01'::bytea || l.hash || r.hash)
              FROM generate_series(first >> (height + 1), (size >> (height + 1)) - 1) i
              JOIN LATERAL (SELECT leaf_hash AS hash FROM ledger_leaf WHERE height = 0 AND index = 2 * i
                            UNION ALL SELECT n.hash FROM ledger_treenode n WHERE height > 0 AND n.level = height AND n.index = 2 * i) l ON true
              JOIN LATERAL (SELECT leaf_hash AS hash FROM ledger_leaf WHERE height = 0 AND index = 2 * i + 1
                            UNION ALL SELECT n.hash FROM ledger_treenode n WHERE height > 0 AND n.level = height AND n.index = 2 * i + 1) r ON true;
            height := height + 1;
        END LOOP;
    END IF;
    RETURN size;
END $$;
