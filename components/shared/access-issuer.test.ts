import { RunError } from "@pulumi/pulumi/errors";

import { accessIssuer } from "./access-issuer";

test("the team's domain as an address", async () => {
  const organization = Promise.resolve({ authDomain: "agency.cloudflareaccess.com" });
  expect(await accessIssuer(organization, "acme")).toBe("https://agency.cloudflareaccess.com");
});

test.each([
  ["an account without one", Promise.resolve({ authDomain: "" }), "it has no team domain"],
  ["a name that is no domain", Promise.resolve({ authDomain: "agency" }), "it has no team domain"],
  ["a token that may not read it", Promise.reject(new Error("403 Forbidden\n  and more")), "403 Forbidden"],
])("%s is one sentence", async (_what, organization, why) => {
  const error: unknown = await accessIssuer(organization, "acme").catch((reason: unknown) => reason);
  expect(RunError.isInstance(error)).toBe(true);
  expect((error as RunError).message).toBe(
    `the Zero Trust organization of the Cloudflare account could not be read (${why}) for customer "acme": switch Zero Trust on for the account, and give the API token Account / Access: Organizations, Identity Providers, and Groups / Read.`,
  );
});
