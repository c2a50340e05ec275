"""The database keeps the journal append-only: triggers refuse UPDATE, DELETE and, on PostgreSQL, TRUNCATE."""

TABLE = "workflow_journalentry"

CREATE = {
    "sqlite": [
        f"""CREATE TRIGGER IF NOT EXISTS journal_append_only_{verb.lower()} BEFORE {verb} ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""
        for verb in ("UPDATE", "DELETE")
    ]
    + [  # INSERT OR REPLACE deletes the row in its way without asking the trigger above
        f"""CREATE TRIGGER IF NOT EXISTS journal_append_only_insert BEFORE INSERT ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR (item_id = NEW.item_id AND seq = NEW.seq))
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""  # noqa: S608 - a constant
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$""",
        f"""CREATE OR REPLACE TRIGGER journal_append_only_row BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION journal_append_only()""",
        f"""CREATE OR REPLACE TRIGGER journal_append_only_table BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()""",
    ],
}

DROP = {
    "sqlite": [f"DROP TRIGGER IF EXISTS journal_append_only_{verb}" for verb in ("update", "delete", "insert")],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS journal_append_only_row ON {TABLE}",
        f"DROP TRIGGER IF EXISTS journal_append_only_table ON {TABLE}",
    ],
}
