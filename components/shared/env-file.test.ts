import { execFileSync } from "node:child_process";

import { renderEnvFile } from "./env-file";
import { UserError } from "../../core/user-error";

test("sorts by key and quotes every value", () => {
  expect(
    renderEnvFile("acme", { SITE_NAME: "erp.example.com", COMPANY_NAME: "Søren & Fils, S.A. #1", EMPTY: "" }),
  ).toBe('COMPANY_NAME="Søren & Fils, S.A. #1"\nEMPTY=""\nSITE_NAME="erp.example.com"\n');
});

test("the order of the settings changes nothing", () => {
  expect(renderEnvFile("acme", { A: "1", B: "2" })).toBe(renderEnvFile("acme", { B: "2", A: "1" }));
});

test("a shell reads back what was written", () => {
  const values = { COMPANY_NAME: `The "Dollar $HOME" & O'Brien Shop`, PRICE: "$5 ${HOME} $(id)" };
  const script = `set -a; ${renderEnvFile("acme", values)} env -0`;
  const lines = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\0");
  expect(lines).toEqual(expect.arrayContaining(Object.entries(values).map(([key, value]) => `${key}=${value}`)));
});

test.each([
  ["a line break", "a\nb", "contains a line break or another control character"],
  ["NUL", "a\0b", "contains a line break or another control character"],
  ["a carriage return", "a\rb", "contains a line break or another control character"],
  ["a backslash", "a\\b", 'is "a\\b", with a backslash or a backtick'],
  ["a backtick", "a`b", 'is "a`b", with a backslash or a backtick'],
])("refuses %s", (_, value, refusal) => {
  expect(() => renderEnvFile("acme", { COMPANY_NAME: value })).toThrow(
    new UserError({
      what: `"COMPANY_NAME" ${refusal}`,
      customer: "acme",
      next: "change the setting that it is made from; the server's environment cannot carry it",
    }),
  );
});

test.each(["lower", "1ST", "WITH SPACE", ""])("refuses the name %j", (key) => {
  expect(() => renderEnvFile("acme", { [key]: "value" })).toThrow(`"${key}" is no name for an environment variable`);
});
