import { customerLabels } from "./labels";
import { UserError } from "../../core/user-error";

test("production", () => {
  expect(customerLabels({ slug: "acme", environment: "production" })).toEqual({
    customer: "acme",
    environment: "production",
    "managed-by": "pulumi",
  });
});

test("a test store says when it may go", () => {
  expect(customerLabels({ slug: "acme-test", environment: "test", expiresOn: "2027-01-31" })).toEqual({
    customer: "acme-test",
    environment: "test",
    "expires-on": "2027-01-31",
    "managed-by": "pulumi",
  });
});

test("a value may have 63 characters", () => {
  expect(customerLabels({ slug: "s".repeat(63), environment: "production" })["customer"]).toHaveLength(63);
});

test.each(["s".repeat(64), "Acme", "acme.example"])("refuses %j", (slug) => {
  expect(() => customerLabels({ slug, environment: "production" })).toThrow(
    new UserError({
      what: `label "customer" cannot hold "${slug}"`,
      customer: slug,
      next: "use at most 63 lower case letters, digits, hyphens and underscores",
    }),
  );
});
