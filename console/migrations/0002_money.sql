-- What a whole comparison found of money, by month: gross, charges, refunded and paid on both sides, as JSON of exact decimals.
ALTER TABLE month ADD COLUMN money TEXT;

-- What an order's own money differs by (ERPNext less Shopify), as JSON. It stands with the first finding of an order alone, so that the
-- column adds up.
ALTER TABLE gap ADD COLUMN difference TEXT;

-- A scan that was begun before money was counted cannot go on; the generation that is shown stays until the next one is whole.
UPDATE fact SET value = json_set(value, '$.building', NULL, '$.recent', NULL) WHERE name = 'scan';
