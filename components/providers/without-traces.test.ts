import { UserError } from "../../core/user-error";
import { withoutTraces } from "./without-traces";

function failing(error: Error) {
  const fail = () => Promise.reject(error);
  return withoutTraces({ create: fail, check: fail, diff: fail, read: fail, delete: fail });
}

/** As the host does with what a provider throws. */
function hostPrints(error: Error): void {
  // eslint-disable-next-line no-console -- it stands for the host
  console.error(`${String(error)}: ${error.stack ?? ""}`);
}

describe("what Pulumi's provider host prints of an error", () => {
  const printed = jest.spyOn(console, "error").mockImplementation();
  beforeEach(() => {
    printed.mockClear();
  });
  afterAll(() => {
    printed.mockRestore();
  });

  test.each(["check", "diff", "read", "delete"] as const)(
    "is nothing at %s: the engine shows the sentence",
    async (method) => {
      const errors = ["acme", "beta"].map(
        (customer) => new UserError({ what: "the token was revoked", customer, next: "set a new one" }),
      );
      // Two requests fail side by side.
      for (const error of errors) {
        const provider = failing(error) as unknown as Record<string, () => Promise<never>>;
        await expect(provider[method]!()).rejects.toBe(error);
      }
      errors.forEach(hostPrints);
      expect(printed).not.toHaveBeenCalled();
      expect(errors[0]?.message).toBe('the token was revoked for customer "acme": set a new one.');
    },
  );

  test("keeps the trace of a defect", async () => {
    const defect = new TypeError("undefined is not a function");
    await expect(failing(defect).read!("id", {})).rejects.toBe(defect);
    hostPrints(defect);
    expect(printed).toHaveBeenCalledWith(expect.stringMatching(/^TypeError: undefined.*: TypeError: .*\n\s+at /));
  });

  test("adds no method that a provider has not", () => {
    expect(Object.keys(withoutTraces({ create: () => Promise.resolve({ id: "1" }) }))).toEqual(["create"]);
  });
});
