// The tables. A new version appends a migration; one that was released never changes. SQLite keeps the
// comments that stand inside a statement: `.schema` in the sqlite3 program shows them.
#include "engine/runs/schema.h"

namespace grapevine {
namespace {

constexpr const char* first_tables = R"sql(
CREATE TABLE runs (
  -- One row a run: one training of one network with one learning rule. A race is several rows with one group_uuid.
  id INTEGER PRIMARY KEY AUTOINCREMENT,        -- what `grapevine-cli show ID` means; never used again
  uuid TEXT NOT NULL UNIQUE,                   -- the same run in whatever database it lies
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'paused', 'finished', 'stopped', 'failed', 'interrupted')),
  started TEXT NOT NULL,                       -- times are ISO 8601, UTC
  ended TEXT,                                  -- NULL while it goes on, and when nobody saw the end
  heartbeat TEXT,                              -- when the writer last wrote
  pid INTEGER,                                 -- of the program that writes or wrote the run
  host TEXT,                                   -- the machine it ran on
  seed INTEGER NOT NULL,
  rule TEXT NOT NULL,                          -- rule, model and data stand in `experiment` too; here for listing
  model TEXT NOT NULL,
  data TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '',             -- as resolved: cpu, cuda:0; '' before the networks stand
  threads INTEGER,                             -- as resolved
  experiment TEXT NOT NULL,                    -- JSON: every setting, as in an experiment file
  versions TEXT NOT NULL DEFAULT '{}',         -- JSON: of the program and the libraries that computed
  steps INTEGER NOT NULL DEFAULT 0,            -- training steps done
  epochs REAL NOT NULL DEFAULT 0,              -- fractional epochs done
  seconds REAL NOT NULL DEFAULT 0,             -- training time, pauses left out
  failure TEXT NOT NULL DEFAULT '',            -- why, when status is failed
  tags TEXT NOT NULL DEFAULT '',
  notes TEXT NOT NULL DEFAULT '',
  colour INTEGER NOT NULL DEFAULT 0,           -- 0xRRGGBB, the same in every figure
  group_uuid TEXT NOT NULL DEFAULT '',         -- shared by the runs of a race or a sweep; '' for a single run
  group_kind TEXT NOT NULL DEFAULT '' CHECK (group_kind IN ('', 'race', 'sweep')),
  group_position INTEGER NOT NULL DEFAULT 0,   -- from 0, in the order they were named
  parent_uuid TEXT,                            -- the run that this one branched from, and at which step
  parent_step INTEGER,
  deleted INTEGER NOT NULL DEFAULT 0           -- 1: hidden from the library until restored
);
CREATE INDEX runs_by_group ON runs (group_uuid) WHERE group_uuid <> '';

CREATE TABLE series (
  -- One row a curve: a measure of a run, at one feedback point or segment (from 1), or of the whole run (point 0).
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  measure TEXT NOT NULL,                       -- the measure's key: test_accuracy, cos_b_j, ...
  point INTEGER NOT NULL DEFAULT 0,
  UNIQUE (run, measure, point)
);

CREATE TABLE samples (
  -- The curves' points.
  series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,                       -- training steps done when it was measured
  epoch REAL NOT NULL,                         -- the same in fractional epochs
  seconds REAL NOT NULL,                       -- the same in training time
  value REAL,                                  -- NULL: not a number or infinite
  PRIMARY KEY (series, step)
) WITHOUT ROWID;

CREATE TABLE events (
  -- What happened: started, calibration, setting, command, epoch, warning, checkpoint, resumed, finished, stopped, failed.
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  kind TEXT NOT NULL,
  cause TEXT NOT NULL,                         -- one sentence for people
  data TEXT NOT NULL DEFAULT '{}'              -- JSON object: the event's numbers
);
CREATE INDEX events_by_run ON events (run, step);

CREATE TABLE commands (
  -- Live changes as they were carried out: with the experiment they replay the run.
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  command TEXT NOT NULL,                       -- set, calibrate
  value TEXT NOT NULL,                         -- optimizer.lr=0.001
  replay INTEGER NOT NULL DEFAULT 0            -- 1: of an earlier life after the checkpoint, not yet carried out again
);
CREATE INDEX commands_by_run ON commands (run, step);

CREATE TABLE checkpoints (
  -- Complete states from which a run goes on. The runs of a race have them at the same steps.
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  file TEXT NOT NULL,                          -- relative to the database's folder
  size INTEGER NOT NULL,                       -- bytes
  covered INTEGER NOT NULL DEFAULT 0,          -- the last row of commands whose effect this state contains
  sha256 TEXT NOT NULL,                        -- of the file, hexadecimal
  made TEXT NOT NULL,
  UNIQUE (run, step)
);
)sql";

// Version 2: what belongs to the file itself, runs that wait, a table of results, where a run comes from.
constexpr const char* second_tables = R"sql(
CREATE TABLE meta (
  -- What holds for the whole file.
  key TEXT PRIMARY KEY,                        -- database_id: stands in the folder of checkpoints too, which is this
                                               -- database's alone; copied_from: ids of which it was a copy, a line
                                               -- each; from_version: 1 where it was brought up to date
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('database_id', lower(hex(randomblob(16))));
INSERT INTO meta (key, value) SELECT 'from_version', '1' WHERE EXISTS (SELECT 1 FROM runs);

CREATE TABLE queue (
  -- Experiments that wait for their turn.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  position REAL NOT NULL,                      -- the least comes first
  plan TEXT NOT NULL,                          -- JSON: as an experiment file, a race too
  state TEXT NOT NULL DEFAULT 'waiting',       -- waiting, running, done, failed, skipped
  added TEXT NOT NULL,                         -- ISO 8601, UTC
  group_uuid TEXT NOT NULL DEFAULT '',         -- shared by what was queued together
  run_uuid TEXT NOT NULL DEFAULT '',           -- of the first run that came of it
  pid INTEGER,                                 -- of the program that took it
  host TEXT,
  note TEXT NOT NULL DEFAULT ''                -- why it failed
);

CREATE TABLE run_values (
  -- What a curve comes to, so that a list of runs needs no samples. Made from them: may be empty.
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  measure TEXT NOT NULL,
  point INTEGER NOT NULL DEFAULT 0,
  last REAL,
  best REAL,                                   -- the largest or the least, as the measure has it
  best_step INTEGER,
  mean REAL,
  n INTEGER NOT NULL DEFAULT 0,                -- values that were numbers
  PRIMARY KEY (run, measure, point)
) WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN colour_chosen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN baseline INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN data_digest TEXT;
ALTER TABLE runs ADD COLUMN parent_sha256 TEXT;
ALTER TABLE runs ADD COLUMN origin TEXT;
ALTER TABLE checkpoints ADD COLUMN best INTEGER NOT NULL DEFAULT 0;

-- Whoever drops a checkpoint asks, of each of a race's thousands, who begins with it and who else names its file.
CREATE INDEX runs_by_parent ON runs (parent_uuid, parent_step) WHERE parent_uuid IS NOT NULL;
CREATE INDEX runs_by_start ON runs (parent_sha256) WHERE parent_sha256 IS NOT NULL;
CREATE INDEX checkpoints_by_file ON checkpoints (file);
)sql";

}  // namespace

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all = {{1, first_tables}, {2, second_tables}};
  return all;
}

}  // namespace grapevine
