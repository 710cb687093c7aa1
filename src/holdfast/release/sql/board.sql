-- Standing verdicts: which of them a change set touches, and the mark that says so. See docs/adr/0008-board-cache.md.

-- The lots whose dossiers may read what these change sets changed, before or after. Lot null: every lot of the programme. What is not named here touches
-- everything, so a table that nobody thought of makes verdicts stale and never leaves them standing.
CREATE OR REPLACE FUNCTION holdfast_touched_lots(wanted bigint, change_sets bigint[]) RETURNS TABLE (change_set bigint, lot bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
WITH RECURSIVE images AS MATERIALIZED (
    SELECT c.change_set_id AS change_set, c.table_name AS of, c.row_id, i.image
      FROM ledger_rowchange c CROSS JOIN LATERAL (VALUES (c.before::json), (c.after::json)) i(image)
     WHERE c.change_set_id = ANY (change_sets) AND i.image IS NOT NULL AND (c.programme_id = wanted OR c.programme_id IS NULL)
       -- A new organisation, site or person is named by nothing yet; what names it is a change of its own.
       AND NOT (c.programme_id IS NULL AND c.operation = 'insert')
       -- Files, signatures and what was signed are kept beside the evidence; no dossier is gathered from them. What a programme adopts is in what its verdicts
       -- were judged by.
       AND c.table_name NOT IN ('ledger_storedfile', 'ledger_signature', 'release_dossierdocument', 'release_verdictdocument', 'release_packdocument', 'release_packadoption', 'release_packfigure', 'quality_reviewedrecord', 'quality_reviewcomment',
           -- A study rests on results; no batch's dossier rests on a study.
           'study_study', 'study_studydataset', 'study_studyexclusion', 'study_studydeparture', 'study_studyreport', 'study_stabilitypull')
       AND NOT (c.table_name = 'ledger_record' AND i.image->>'kind' IN ('study', 'study_report'))
), direct (change_set, lot) AS (
    SELECT change_set, (image->>'lot_id')::bigint FROM images WHERE of IN (
        'batch_sample', 'batch_batchrecord', 'batch_label', 'batch_identitycheck', 'batch_siterelease', 'batch_reservesample', 'batch_shipmentlot',
        'batch_siteactivity', 'batch_lotstatus', 'batch_lotdestination', 'batch_donoreligibility', 'batch_processvalue', 'quality_deviationlot', 'quality_changelot',
        'quality_outofspecification', 'quality_completenessstatement', 'quality_audittrailreview', 'release_decision') AND (of <> 'quality_audittrailreview' OR image->>'lot_id' IS NOT NULL)
    UNION SELECT change_set, row_id FROM images WHERE of = 'batch_lot'
    UNION SELECT change_set, (image->>'child_id')::bigint FROM images WHERE of = 'batch_lotuse'
    UNION SELECT i.change_set, s.lot_id FROM images i JOIN batch_sample s ON s.record_id = (i.image->>'sample_id')::bigint WHERE of = 'batch_testrun'
    UNION SELECT i.change_set, s.lot_id FROM (SELECT DISTINCT change_set, (image->>'test_run_id')::bigint AS run FROM images WHERE of = 'batch_result') i
          JOIN batch_testrun r ON r.record_id = i.run JOIN batch_sample s ON s.record_id = r.sample_id
    UNION SELECT i.change_set, b.lot_id FROM images i JOIN batch_batchrecord b ON b.record_id = (i.image->>'batch_record_id')::bigint
           WHERE of IN ('batch_batchstep', 'batch_recordreview')
    UNION SELECT i.change_set, l.lot_id FROM images i JOIN batch_label l ON l.record_id = (i.image->>'label_id')::bigint WHERE of = 'batch_labelstatement'
    UNION SELECT i.change_set, l.lot_id FROM images i JOIN batch_shipmentlot l ON l.shipment_id = i.row_id WHERE of = 'batch_shipment'
    UNION SELECT i.change_set, l.lot_id FROM images i JOIN quality_deviationlot l ON l.deviation_id = i.row_id WHERE of = 'quality_deviation'
    UNION SELECT i.change_set, l.lot_id FROM images i JOIN quality_changelot l ON l.change_id = i.row_id WHERE of = 'quality_change'
    UNION SELECT i.change_set, l.lot_id FROM images i JOIN quality_changelot l ON l.change_id = (i.image->>'change_id')::bigint WHERE of = 'quality_changefiling'
    UNION SELECT i.change_set, d.lot_id FROM images i JOIN release_decision d ON d.record_id = (i.image->>'decision_id')::bigint
           WHERE of IN ('release_override', 'release_registerentry')
    -- A header that is new comes with its detail, above. One that changes (it is voided) touches what its detail touches.
    UNION SELECT i.change_set, l.lot FROM images i CROSS JOIN LATERAL (
            SELECT i.row_id AS lot WHERE i.image->>'kind' = 'lot'
            UNION ALL SELECT lot_id FROM batch_sample WHERE record_id = i.row_id
            UNION ALL SELECT s.lot_id FROM batch_testrun r JOIN batch_sample s ON s.record_id = r.sample_id WHERE r.record_id = i.row_id
            UNION ALL SELECT lot_id FROM batch_batchrecord WHERE record_id = i.row_id
            UNION ALL SELECT lot_id FROM batch_label WHERE record_id = i.row_id
            UNION ALL SELECT lot_id FROM batch_siterelease WHERE record_id = i.row_id
            UNION ALL SELECT lot_id FROM batch_reservesample WHERE record_id = i.row_id
            UNION ALL SELECT lot_id FROM batch_donoreligibility WHERE record_id = i.row_id
            UNION ALL SELECT lot_id FROM batch_shipmentlot WHERE shipment_id = i.row_id
            UNION ALL SELECT lot_id FROM quality_deviationlot WHERE deviation_id = i.row_id
            UNION ALL SELECT lot_id FROM quality_changelot WHERE change_id = i.row_id
            UNION ALL SELECT lot_id FROM quality_outofspecification WHERE record_id = i.row_id
            UNION ALL SELECT lot_id FROM quality_completenessstatement WHERE record_id = i.row_id
            UNION ALL SELECT lot_id FROM quality_audittrailreview WHERE record_id = i.row_id AND lot_id IS NOT NULL
            UNION ALL SELECT lot_id FROM release_decision WHERE record_id = i.row_id) l
           WHERE of = 'ledger_record' AND i.image->>'kind' IN (
               'lot', 'sample', 'test_run', 'batch_record', 'label', 'site_release', 'reserve_sample', 'donor_eligibility', 'shipment', 'deviation', 'change',
               'oos', 'completeness_statement', 'audit_trail_review', 'decision')
    UNION SELECT change_set, NULL FROM images WHERE of = 'ledger_record' AND image->>'kind' NOT IN (
               'lot', 'sample', 'test_run', 'batch_record', 'label', 'site_release', 'reserve_sample', 'donor_eligibility', 'shipment', 'deviation', 'change',
               'oos', 'completeness_statement', 'audit_trail_review', 'decision')
    UNION SELECT change_set, NULL FROM images WHERE of NOT IN (
        'ledger_record', 'batch_sample', 'batch_batchrecord', 'batch_label', 'batch_identitycheck', 'batch_siterelease', 'batch_reservesample', 'batch_shipmentlot',
        'batch_siteactivity', 'batch_lotstatus', 'batch_lotdestination', 'batch_donoreligibility', 'batch_processvalue', 'quality_deviationlot', 'quality_changelot',
        'quality_outofspecification', 'quality_completenessstatement', 'quality_audittrailreview', 'release_decision', 'batch_lot', 'batch_lotuse', 'batch_testrun', 'batch_result',
        'batch_batchstep', 'batch_recordreview', 'batch_labelstatement', 'batch_shipment', 'quality_deviation', 'quality_change', 'quality_changefiling',
        'release_override', 'release_registerentry')
), reached (change_set, lot) AS (  -- a lot's dossier also reads the lots that went into it, at any depth
    SELECT d.change_set, d.lot FROM direct d
    UNION SELECT r.change_set, u.child_id FROM reached r JOIN batch_lotuse u ON u.parent_id = r.lot
)
SELECT change_set, lot FROM reached
$$;

-- Take this programme's turn: whoever keeps verdicts and whoever marks them wait for each other, and nobody who writes the record waits for either.
CREATE OR REPLACE FUNCTION holdfast_board_turn(wanted bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE seen bigint;
BEGIN
    INSERT INTO release_boardprogress (programme_id, leaves) VALUES (wanted, 0) ON CONFLICT DO NOTHING;
    SELECT leaves INTO seen FROM release_boardprogress WHERE programme_id = wanted FOR UPDATE;
    RETURN seen;
END $$;

-- Enter these drug product lots (null: every one of the programme) on the board, not judged; of those that are there, only what names them is brought up to date.
CREATE OR REPLACE FUNCTION holdfast_board_enter(wanted bigint, lots bigint[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO release_standingverdict (programme_id, scope_site_id, lot_id, number, patient, expires_on, sorts_on, question, state, is_flagged, blockers,
                                         unknown, evidence_digest, judged_by, leaves, apart)
    SELECT l.programme_id, l.scope_site_id, l.record_id, r.number, l.patient, l.expires_on, coalesce(l.expires_on, '9999-12-31'), q.question, 'not_judged', false,
           '{}', '{}', '', '', 0, '{}'
      FROM batch_lot l JOIN ledger_record r ON r.id = l.record_id CROSS JOIN (VALUES ('us_disposition'), ('eu_certification')) q(question)
     WHERE l.programme_id = wanted AND l.lot_kind = 'drug_product' AND r.voided_at IS NULL AND (lots IS NULL OR l.record_id = ANY (lots))
    ON CONFLICT (lot_id, question) DO UPDATE SET (scope_site_id, number, patient, expires_on, sorts_on)
              = (excluded.scope_site_id, excluded.number, excluded.patient, excluded.expires_on, excluded.sorts_on)
     WHERE (release_standingverdict.scope_site_id, release_standingverdict.number, release_standingverdict.patient, release_standingverdict.expires_on)
           IS DISTINCT FROM (excluded.scope_site_id, excluded.number, excluded.patient, excluded.expires_on);
$$;

-- Mark every standing verdict that a change set touches which it did not yet rest on. `since` (a number of leaves) is for verdicts just kept: what was
-- marked while they were being judged is marked again. Change sets without a place in the tree are looked at every time until they have one.
CREATE OR REPLACE FUNCTION holdfast_board_mark(wanted bigint, since bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    seen bigint;
    size bigint;
    later bigint[];
    touched bigint[];
    everything boolean;
BEGIN
    SELECT leaves INTO seen FROM release_boardprogress WHERE programme_id = wanted;
    size := (SELECT coalesce(max(index) + 1, 0) FROM ledger_leaf);
    IF since IS NULL AND seen = size AND NOT EXISTS (SELECT FROM ledger_pendingchangeset WHERE leaf_hash IS NOT NULL) THEN
        RETURN;
    END IF;
    seen := holdfast_board_turn(wanted);
    size := (SELECT coalesce(max(index) + 1, 0) FROM ledger_leaf);
    -- A programme of which no verdict stands has nothing to mark: every batch is new. Its whole history need not be read to say so.
    IF since IS NULL AND seen = 0 AND NOT EXISTS (SELECT FROM release_standingverdict v WHERE v.programme_id = wanted) THEN
        PERFORM holdfast_board_enter(wanted, NULL);
        UPDATE release_boardprogress SET leaves = size WHERE programme_id = wanted;
        RETURN;
    END IF;
    later := ARRAY(SELECT change_set_id FROM ledger_leaf WHERE index >= least(seen, since)
                   UNION SELECT change_set_id FROM ledger_pendingchangeset WHERE leaf_hash IS NOT NULL);
    IF cardinality(later) > 0 THEN
        WITH reached AS MATERIALIZED (
            SELECT t.change_set, t.lot, l.index AS leaf FROM holdfast_touched_lots(wanted, later) t LEFT JOIN ledger_leaf l ON l.change_set_id = t.change_set
        ), marked AS (
            UPDATE release_standingverdict v SET stale_since = r.change_set
              FROM reached r
             WHERE v.programme_id = wanted AND v.stale_since IS NULL AND r.lot = v.lot_id
               AND (r.leaf IS NULL OR r.leaf >= v.leaves) AND NOT r.change_set = ANY (v.apart))
        SELECT array_agg(DISTINCT lot), coalesce(bool_or(lot IS NULL), false) INTO touched, everything FROM reached;
        IF everything THEN
            UPDATE release_standingverdict v SET stale_since = r.change_set
              FROM (SELECT t.change_set, l.index AS leaf FROM holdfast_touched_lots(wanted, later) t LEFT JOIN ledger_leaf l ON l.change_set_id = t.change_set
                     WHERE t.lot IS NULL) r
             WHERE v.programme_id = wanted AND v.stale_since IS NULL AND (r.leaf IS NULL OR r.leaf >= v.leaves) AND NOT r.change_set = ANY (v.apart);
        END IF;
        DELETE FROM release_standingverdict v USING ledger_record r WHERE v.programme_id = wanted AND r.id = v.lot_id AND r.voided_at IS NOT NULL;
        PERFORM holdfast_board_enter(wanted, coalesce(touched, '{}'));
    END IF;
    UPDATE release_boardprogress SET leaves = size WHERE programme_id = wanted AND leaves < size;
END $$;

-- Whatever changes a standing verdict gives its programme's board a new state: what was counted of another state is not shown again. The number comes from a
-- sequence, so that a state that was rolled back never returns as another.
CREATE SEQUENCE IF NOT EXISTS release_board_state;

CREATE OR REPLACE FUNCTION holdfast_board_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE release_boardprogress SET state = nextval('release_board_state') WHERE programme_id IN (SELECT DISTINCT programme_id FROM touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER holdfast_board_added AFTER INSERT ON release_standingverdict REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION holdfast_board_changed();
CREATE OR REPLACE TRIGGER holdfast_board_altered AFTER UPDATE ON release_standingverdict REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION holdfast_board_changed();
CREATE OR REPLACE TRIGGER holdfast_board_removed AFTER DELETE ON release_standingverdict REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION holdfast_board_changed();

-- The states of these programmes' boards; null for one that has none yet, of which nothing may be kept.
CREATE OR REPLACE FUNCTION holdfast_board_states(wanted bigint[]) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT array_agg(nullif(p.state, 0) ORDER BY w.place) FROM unnest(wanted) WITH ORDINALITY w(programme, place) LEFT JOIN release_boardprogress p ON p.programme_id = w.programme
$$;

-- What these programmes have adopted, in order of the days: what judges them is asked before anything is judged, by whoever looks, and none of it is shown.
CREATE OR REPLACE FUNCTION holdfast_adoptions(wanted bigint[]) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.valid_from, a.id), '[]')
      FROM (SELECT a.id, a.programme_id AS programme, a.pack, d.version, d.sha256, a.is_own, a.regions, a.phases, a.valid_from, a.valid_until,
                   (SELECT coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'value', f.value, 'reason', f.reason, 'valid_from', f.valid_from,
                                                                 'by', p.printed_name) ORDER BY f.valid_from, f.id), '[]')
                      FROM release_packfigure f JOIN people_person p ON p.id = f.set_by_id
                     WHERE f.adoption_id = a.id AND f.voided_at IS NULL) AS figures
              FROM release_packadoption a JOIN release_packdocument d ON d.id = a.document_id
             WHERE a.programme_id = ANY (wanted) AND a.voided_at IS NULL) a
$$;
