import { readCompared, writeCompared } from "./compared";

/** A site with at most one such document. */
function site(description?: string) {
  let kept = description === undefined ? undefined : { name: "it", description };
  const keep = (fields: Record<string, unknown>) => {
    kept = { name: "it", description: String(fields["description"]) };
    return Promise.resolve(kept);
  };
  return {
    get: () => Promise.resolve(kept),
    insert: (_: string, fields: Record<string, unknown>) => keep(fields),
    update: (_: string, name: string, fields: Record<string, unknown>) => keep({ ...fields, name }),
  };
}

test("how far orders are compared is kept at the site, the first time and after", async () => {
  const erp = site();
  expect(await readCompared(erp)).toBeUndefined();
  for (const open of [[], ["5800000001004"]]) {
    const compared = { at: "2026-12-01T03:47:00.000Z", open };
    await writeCompared(erp, compared);
    expect(await readCompared(erp)).toEqual(compared);
  }
});

test.each(["", "yesterday", "{}", '{"at":"yesterday","open":[]}'])("%j is no moment to go on from", async (text) => {
  expect(await readCompared(site(text))).toBeUndefined();
});
