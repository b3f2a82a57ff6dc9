import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { startCloudflareApi } from "../cloudflare-api";
import { startGoogleApi } from "../google-api";
import type { PulumiRun } from "../pulumi-runner";
import type { RestServer } from "../rest-server";
import { demoCredentials } from "../shopify";
import { REPOSITORY } from "../workspace";
import { succeeded, useSession } from "./testing";

/** docs/new-customer.md, followed to the letter by an operator whose customer is "acme". */
jest.setTimeout(600_000);

const holder = useSession();

/** Every command of a page's code blocks, in their order; of README those below one heading. */
function commandsOf(page: string, heading = ""): readonly string[] {
  const text = readFileSync(join(REPOSITORY, page), "utf8");
  const section = heading === "" ? text : (text.split(`\n## ${heading}\n`)[1] ?? "").split("\n## ")[0];
  const blocks = [...(section ?? "").matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => block.trim().split("\n"));
}

/** What the operator has from the three services. */
function credentials() {
  return {
    SHOPIFY_ADMIN_TOKEN: demoCredentials.custom.token,
    SHOPIFY_API_SECRET: demoCredentials.custom.secret,
    CLOUDFLARE_API_TOKEN: holder.session.world.stackConfig().secret["cloudflare:apiToken"] ?? "",
    GOOGLE_OAUTH_ACCESS_TOKEN: process.env["GOOGLE_OAUTH_ACCESS_TOKEN"] ?? "",
  };
}

let servers: { cloudflare: RestServer; google: RestServer };

beforeAll(async () => {
  const { CLOUDFLARE_API_TOKEN: token, GOOGLE_OAUTH_ACCESS_TOKEN: googleToken } = credentials();
  servers = {
    cloudflare: await startCloudflareApi({
      accountId: "9a7806061c88ada191ed06f989cc3dac",
      zones: [{ id: "023e105f4ecef8ad9ca31a8372d0c353", name: "demo-store.example", status: "active" }],
      tokens: [{ token, owner: "user", status: "active", denied: [] }],
    }),
    google: await startGoogleApi({
      token: googleToken,
      project: "demo-store-erpnext",
      billingEnabled: true,
      computeEnabled: true,
      zones: { "europe-west3-a": ["e2-standard-4"] },
    }),
  };
});

afterAll(async () => {
  await servers.cloudflare.close();
  await servers.google.close();
});

/** What the operator would type at the questions, and where this world is instead of the real one. */
function intakeArguments(): readonly string[] {
  const { session } = holder;
  const file = join(session.workspace, "..", "answers.yaml");
  const example = readFileSync(session.customerFile(), "utf8");
  writeFileSync(file, example.replace("slug: demo-store", "slug: acme"));
  const plain = {
    ...session.world.stackConfig().plain,
    "cloudflare:baseUrl": `${servers.cloudflare.url}/client/v4`,
    "gcp:resourceManagerV3CustomEndpoint": `${servers.google.url}/v3/`,
    "gcp:resourceManagerCustomEndpoint": `${servers.google.url}/v1/`,
    "gcp:cloudBillingCustomEndpoint": `${servers.google.url}/v1/`,
    "gcp:computeCustomEndpoint": `${servers.google.url}/compute/v1/`,
  };
  return ["--file", file, ...Object.entries(plain).flatMap(([key, value]) => ["--config", `${key}=${value}`])];
}

/** The intake asked the stand-ins that check credentials; from now on the stack looks where the sandbox's others do. */
async function pointAtTheSandbox(): Promise<void> {
  const { session } = holder;
  const { plain } = session.world.stackConfig();
  const asked = [
    "cloudflare:baseUrl",
    "gcp:resourceManagerV3CustomEndpoint",
    "gcp:cloudBillingCustomEndpoint",
    "gcp:computeCustomEndpoint",
  ];
  for (const key of asked.filter((candidate) => plain[candidate] === undefined)) {
    await session.pulumi.must(["config", "rm", key, "--stack", "acme"]);
  }
  for (const [key, value] of Object.entries(plain)) {
    await session.pulumi.must(["config", "set", "--plaintext", key, value, "--stack", "acme"]);
  }
}

function run(command: string): Promise<PulumiRun> {
  const { session } = holder;
  const operator = /^\.\/stack (\w+) ?(.*)$/.exec(command);
  if (operator !== null) {
    const [, name = "", rest = ""] = operator;
    const [given = ""] = rest.split(" > ");
    const further = name === "intake" && !given.startsWith("--explain") ? intakeArguments() : [];
    return session.operator([name, ...given.split(" "), ...further], { environment: credentials() });
  }
  const pulumi = /^pulumi (.*)$/.exec(command);
  if (pulumi === null) throw new Error(`the page has "${command}", which this test cannot run`);
  const args = (pulumi[1] ?? "").split(" ");
  return session.pulumi.run(args[0] === "up" ? [...args, "--yes", "--skip-preview"] : args);
}

test("README's five commands are some of the page's, in their order", () => {
  const short = commandsOf("README.md", "A customer in five commands").map((command) =>
    command.replace("npm run pulumi --", "pulumi"),
  );
  expect(short).toHaveLength(5);
  expect(commandsOf("docs/new-customer.md").filter((command) => short.includes(command))).toEqual(short);
});

test("the page's commands, one after the other, lead from nothing to orders in ERPNext and back to nothing", async () => {
  // npm is how this very repository was installed.
  const commands = commandsOf("docs/new-customer.md").filter((command) => command !== "npm ci");
  expect(commands).toEqual([
    "./stack intake --explain shopify > for-the-customer.txt",
    "./stack intake acme",
    "pulumi preview -s acme",
    "pulumi up -s acme",
    "./stack doctor acme",
    "./stack validate acme",
    "./stack validate acme --apply",
    "./stack backfill acme",
    "./stack backfill acme --apply",
    "pulumi stack output -s acme",
    "./stack heal acme",
    "./stack teardown acme",
    "./stack teardown acme --apply",
  ]);
  const printed: Record<string, string> = {};
  for (const command of commands) {
    printed[command] = succeeded(await run(command)).stdout;
    if (command === "./stack intake acme") await pointAtTheSandbox();
  }
  expect(printed["./stack intake --explain shopify > for-the-customer.txt"]).toContain("read_all_orders");
  expect(printed["pulumi stack output -s acme"]).toContain("https://erp.demo-store.example");
  expect(holder.session.world.vm.erpnext).toBeUndefined();
});
