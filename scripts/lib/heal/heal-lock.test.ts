import { FrappeError } from "../../../clients/frappe";
import { whileLocked } from "./heal-lock";

/** A site with at most one lock. */
function site() {
  const held = new Map<string, Record<string, unknown>>();
  return {
    held,
    insert: (_: string, fields: Record<string, unknown>) => {
      const name = String(fields["name"]);
      if (held.has(name)) {
        const reason = { kind: "conflict", status: 409, exception: "DuplicateEntryError" } as const;
        return Promise.reject(new FrappeError(reason, { what: "there is one", next: "do nothing" }));
      }
      held.set(name, fields);
      return Promise.resolve({ ...fields, name });
    },
    get: (_: string, name: string) => Promise.resolve({ ...held.get(name), name }),
    delete: (_: string, name: string) => Promise.resolve(void held.delete(name)),
  };
}

test("a second one is refused with who holds it, and may begin when the first is done", async () => {
  const erp = site();
  const second = async (): Promise<string> =>
    whileLocked(erp, "acme", () => Promise.resolve("healed")).catch((error: unknown) => (error as Error).message);
  const inside = await whileLocked(erp, "acme", second);
  expect(inside).toMatch(
    /^another heal of this customer is running \(.+ at .+ since 2\S+, process \d+\) for customer "acme": wait for the end of it, or if that process is gone delete the Tag "erpnext-shopify-stack heal" in ERPNext\.$/,
  );
  expect(await second()).toBe("healed");
});

test("is let go when the work fails", async () => {
  const erp = site();
  await expect(whileLocked(erp, "acme", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(erp.held.size).toBe(0);
});

test("of another, found after an insert whose answer was lost, is not taken for one's own", async () => {
  const erp = { ...site(), insert: () => Promise.resolve({ name: "x", description: "someone else" }) };
  await expect(whileLocked(erp, "acme", () => Promise.resolve())).rejects.toThrow("(someone else)");
});
