import type { Look } from "../teardown/look";
import { withoutStack } from "./sweep";

const SEEN: Look = { place: "Cloudflare", what: "tunnels", found: [], kept: [] };
const UNSEEN: Look = { ...SEEN, place: "Shopify", found: undefined, because: "no credentials" };

it.each([
  ["all was looked at", [SEEN], true, "there is no stack, so there was nothing to end; nothing is left"],
  [
    "a part was looked at",
    [SEEN, UNSEEN],
    true,
    "there is no stack, so there was nothing to end; 1 of 2 kinds could not be looked at",
  ],
  [
    "the rest stands on a receipt",
    [SEEN, { ...UNSEEN, provenAt: "2026-11-20T10:00:00.000Z" }],
    true,
    "there is no stack, so there was nothing to end; nothing is left",
  ],
  [
    "something is left",
    [{ ...SEEN, found: ["acme-old"] }, UNSEEN],
    false,
    "there is no stack, but something is left: acme-old (Cloudflare)",
  ],
] as const)("without a stack, when %s", (...row) => {
  const [, looks, ok, outcome] = row;
  expect(withoutStack(looks)).toEqual({ ok, outcome });
});
