-- What the Sync Console knows. Times are ISO 8601 in UTC. Migrations only go forward.

-- Small facts under a name, as JSON: counts, health, how far the scans are.
CREATE TABLE fact (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- Who works at something now. No holder is refused, which ends the transaction of the holder that lost the lease.
CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  -- Milliseconds since 1970.
  ends INTEGER NOT NULL
) WITHOUT ROWID;

-- Each full scan makes a generation of its own. The page shows the one that the fact "scan" names.
CREATE TABLE gap (
  generation INTEGER NOT NULL,
  -- The order id of Shopify behind its number of digits, so that text sorts as the numbers do.
  id_key TEXT NOT NULL,
  reason TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  detail TEXT NOT NULL,
  -- The month in which the order was placed, by the calendar of the company.
  month TEXT NOT NULL,
  placed_at TEXT,
  total TEXT,
  -- Names of documents in ERPNext, a JSON list. A Sales Order comes first where there is one.
  documents TEXT NOT NULL,
  -- What a search looks into, in lower case.
  words TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  checked_at TEXT NOT NULL,
  PRIMARY KEY (generation, id_key, reason)
) WITHOUT ROWID;
CREATE INDEX gap_by_month ON gap (generation, kind, month, reason);
CREATE INDEX gap_by_check ON gap (generation, checked_at);

-- Orders by month: those that Shopify has, and those that cannot be judged. What is missing of them is counted from "gap".
CREATE TABLE month (
  generation INTEGER NOT NULL,
  month TEXT NOT NULL,
  shopify INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  PRIMARY KEY (generation, month)
) WITHOUT ROWID;

-- Orders behind the last one of the full scan that recent scans have counted since.
CREATE TABLE counted (
  generation INTEGER NOT NULL,
  id_key TEXT NOT NULL,
  PRIMARY KEY (generation, id_key)
) WITHOUT ROWID;

-- What appeared on the two sides, in the sequence in which it was noticed.
CREATE TABLE feed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  side TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- What its side knows it by: the id of an order, the name of a document. Nothing appears twice.
  name TEXT NOT NULL,
  at TEXT NOT NULL,
  title TEXT NOT NULL,
  amount TEXT,
  UNIQUE (side, kind, name)
);
