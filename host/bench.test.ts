import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AUTOMATION_ROLES, automationRoleNames } from "../components/shared/automation-roles";
import { consoleApiKey } from "../components/shared/console-user";
import { HOST } from "./test/sandbox";

type State = Record<string, Record<string, Record<string, unknown>>>;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "bench-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs a script of bench/ as site_python of stack.sh does, on a site with this state; gives what the site is then. */
function run(
  script: string,
  input: object,
  before: object,
): { code: number | null; output: string; error: string; after: State } {
  const state = join(directory, "state.json");
  writeFileSync(state, JSON.stringify(before));
  const { status, stdout, stderr } = spawnSync("python3", ["-c", readFileSync(join(HOST, "bench", script), "utf8")], {
    input: JSON.stringify(input),
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      PYTHONPATH: join(HOST, "test/python"),
      PYTHONDONTWRITEBYTECODE: "1",
      FRAPPE_STATE: state,
      SITE_NAME: "erp.acme.example",
      AUTOMATION_USER: "automation@acme.invalid",
      CONSOLE_USER: "console@acme.invalid",
      AUTOMATION_ROLES: automationRoleNames("production"),
    },
  });
  return { code: status, output: stdout, error: stderr, after: JSON.parse(readFileSync(state, "utf8")) as State };
}

describe("automation-user.py", () => {
  const secrets = { automation_api_key: "key-1", automation_api_secret: "secret-1", administrator_password: "admin-1" };
  const Role = Object.fromEntries([...Object.keys(AUTOMATION_ROLES), "Script Manager"].map((role) => [role, {}]));
  const reader = consoleApiKey("secret-1");
  const DocType = { "Sales Order": {} };
  const rolesOf = (state: State): string[] =>
    (state["User"]?.["automation@acme.invalid"]?.["roles"] as { role: string }[]).map(({ role }) => role);

  it("makes the user with its roles and its key, and the second time changes nothing", () => {
    const made = run("automation-user.py", secrets, { Role, DocType });
    expect([made.code, made.error, made.output.trim().split("\n")]).toEqual([
      0,
      "",
      [
        "made user automation@acme.invalid",
        `gave it the roles ${Object.keys(AUTOMATION_ROLES).join(", ")}`,
        "set its API key",
        "set its API secret",
        "made the role Sync Console",
        "let it read Sales Order",
        "made user console@acme.invalid",
        "gave it the roles Sync Console",
        "set its API key",
        "set its API secret",
        "set Administrator's password",
      ],
    ]);
    expect(rolesOf(made.after)).toEqual(Object.keys(AUTOMATION_ROLES));
    expect(made.after["__Auth"]).toEqual({
      "User automation@acme.invalid api_secret": "secret-1",
      "User console@acme.invalid api_secret": reader.apiSecret,
      "User Administrator password": "admin-1",
    });
    expect(made.after["User"]?.["console@acme.invalid"]).toMatchObject({ api_key: reader.apiKey });
    expect(Object.values(made.after["Custom DocPerm"] ?? {})).toEqual([
      { parent: "Sales Order", role: "Sync Console", read: 1 },
    ]);
    const again = run("automation-user.py", secrets, made.after);
    expect([again.code, again.output, again.after]).toEqual([0, "", made.after]);
  });

  it("gives back what it lost and takes away what it does not need", () => {
    const { after } = run("automation-user.py", secrets, { Role });
    Object.assign(after["User"]?.["automation@acme.invalid"] ?? {}, {
      enabled: 0,
      roles: [{ role: "System Manager" }, { role: "Script Manager" }],
    });
    Object.assign(after["__Auth"] ?? {}, { "User automation@acme.invalid api_secret": "written with another key" });
    const repaired = run("automation-user.py", secrets, after);
    expect(rolesOf(repaired.after)).toEqual(Object.keys(AUTOMATION_ROLES));
    expect(repaired.after["User"]?.["automation@acme.invalid"]?.["enabled"]).toBe(1);
    expect(repaired.after["__Auth"]).toMatchObject({ "User automation@acme.invalid api_secret": "secret-1" });
  });

  it("leaves a user that anyone may save without deleting the secret, one of an older run too", () => {
    const { after } = run("automation-user.py", secrets, { Role });
    const user = after["User"]?.["automation@acme.invalid"] ?? {};
    expect(user["api_secret"]).toBe("**********");
    Object.assign(user, { api_secret: null });
    const repaired = run("automation-user.py", secrets, after);
    expect([repaired.output, repaired.after["User"]?.["automation@acme.invalid"]?.["api_secret"]]).toEqual([
      "",
      "**********",
    ]);
    Object.assign(repaired.after["User"]?.["automation@acme.invalid"] ?? {}, { roles: [] });
    const changed = run("automation-user.py", secrets, repaired.after);
    expect(changed.output).toBe(`gave it the roles ${Object.keys(AUTOMATION_ROLES).join(", ")}\n`);
    expect(changed.after["__Auth"]).toMatchObject({ "User automation@acme.invalid api_secret": "secret-1" });
  });

  it("says which role the site does not have", () => {
    const others = Object.fromEntries(Object.entries(Role).filter(([role]) => role !== "Item Manager"));
    const outcome = run("automation-user.py", secrets, { Role: others });
    expect([outcome.code, outcome.error]).toEqual([
      1,
      "The site has no role Item Manager: is ERPNext installed on it? bench --site erp.acme.example list-apps\n",
    ]);
  });
});

describe("setup-site.py", () => {
  const company = { company_name: "Acme GmbH", fy_start_date: "2026-01-01", history_from: "2023-05-17" };
  const site = { Company: { "Acme GmbH": {} }, DocType: { "Shopify Setting": {} } };
  const years = (state: State): string[] =>
    Object.entries(state["Fiscal Year"] ?? {})
      .map(([name, year]) => `${name}: ${String(year["year_start_date"])} ${String(year["year_end_date"])}`)
      .sort();

  it("makes the fiscal years that old orders fall into, beside those that are there, and sets the connector's flag", () => {
    const wizard = { "2026": { year_start_date: "2026-01-01", year_end_date: "2026-12-31" } };
    const outcome = run("setup-site.py", company, { ...site, "Fiscal Year": wizard });
    expect([outcome.code, outcome.error]).toEqual([0, ""]);
    expect(years(outcome.after)).toEqual([
      "2023: 2023-01-01 2023-12-31",
      "2024: 2024-01-01 2024-12-31",
      "2025: 2025-01-01 2025-12-31",
      "2026: 2026-01-01 2026-12-31",
    ]);
    expect(outcome.after["singles"]).toEqual({ "Shopify Setting": { is_old_data_migrated: 1 } });
    const again = run("setup-site.py", company, outcome.after);
    expect([again.output, years(again.after)]).toEqual(['company "Acme GmbH" is set up\n', years(outcome.after)]);
  });

  it("names years that span two as ERPNext does, and never makes one that overlaps another", () => {
    const short = { "2024 short": { year_start_date: "2024-07-01", year_end_date: "2024-12-31" } };
    const outcome = run(
      "setup-site.py",
      { ...company, fy_start_date: "2026-04-01", history_from: "2024-03-31" },
      { ...site, "Fiscal Year": short },
    );
    expect(years(outcome.after)).toEqual([
      "2023-2024: 2023-04-01 2024-03-31",
      "2024 short: 2024-07-01 2024-12-31",
      "2025-2026: 2025-04-01 2026-03-31",
      "2026-2027: 2026-04-01 2027-03-31",
    ]);
  });

  it("makes none before this year for a history that begins in it", () => {
    const outcome = run("setup-site.py", { ...company, history_from: "2026-01-01" }, site);
    expect(years(outcome.after)).toEqual(["2026: 2026-01-01 2026-12-31"]);
  });

  const wizard = { ...company, country: "Germany", chart_of_accounts: "Standard" };
  const empty = { Country: { Germany: { charts: ["SKR04 mit Kontonummern"] } }, DocType: {} };

  it("lets the wizard run again after one that called itself complete and made no company", () => {
    const apps = { frappe: { is_setup_complete: 1 }, erpnext: { is_setup_complete: 1 } };
    const outcome = run("setup-site.py", wizard, { ...empty, "Installed Application": apps });
    expect([outcome.code, outcome.error]).toEqual([0, ""]);
    expect(outcome.after["Company"]).toEqual({ "Acme GmbH": {} });
    expect(outcome.after["Installed Application"]).toEqual(apps);
  });

  it.each([
    [
      "chart of accounts",
      { chart_of_accounts: "SKR99" },
      'ERPNext has no chart of accounts "SKR99" for Germany: set company.chartOfAccounts to one of ' +
        "SKR04 mit Kontonummern, Standard, Standard with Numbers.\n",
    ],
    [
      "country",
      { country: "Deutschland" },
      'ERPNext knows no country "Deutschland": set company.country to its English name there.\n',
    ],
  ])("says so of a %s that ERPNext does not know, and does not begin", (_what, wrong, sentence) => {
    const outcome = run("setup-site.py", { ...wizard, ...wrong }, empty);
    expect([outcome.code, outcome.error, outcome.after]).toEqual([1, sentence, empty]);
  });

  it("refuses the books of another company", () => {
    const outcome = run("setup-site.py", company, { Company: { "Other GmbH": {} } });
    expect([outcome.code, outcome.error]).toEqual([
      1,
      'The site already keeps the books of "Other GmbH", not of "Acme GmbH": ' +
        "change company.legalName back, or start with an empty data disk.\n",
    ]);
  });
});
