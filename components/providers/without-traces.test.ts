import { UserError } from "../shared/user-error";
import { withoutTraces } from "./without-traces";

function failing(error: Error) {
  const fail = () => Promise.reject(error);
  return withoutTraces({ create: fail, check: fail, diff: fail, read: fail, delete: fail });
}

describe("what Pulumi's provider host prints of an error", () => {
  test.each(["check", "diff", "read", "delete"] as const)("is its sentence alone, at %s", async (method) => {
    const error = new UserError({ what: "the token was revoked", customer: "acme", next: "set a new one" });
    const provider = failing(error) as unknown as Record<string, () => Promise<never>>;
    await expect(provider[method]!()).rejects.toBe(error);
    expect(`${String(error)}: ${error.stack ?? ""}`).toBe(
      'the token was revoked for customer "acme": set a new one.: ',
    );
  });

  test("keeps the trace of a defect", async () => {
    const defect = new TypeError("undefined is not a function");
    await expect(failing(defect).read!("id", {})).rejects.toBe(defect);
    expect(defect.stack).toMatch(/^TypeError: undefined is not a function\n\s+at /);
  });

  test("adds no method that a provider has not", () => {
    expect(Object.keys(withoutTraces({ create: () => Promise.resolve({ id: "1" }) }))).toEqual(["create"]);
  });
});
