import { Writable } from "node:stream";

import { FrappeError } from "../../../clients/frappe";
import { Terminal } from "../cli/terminal";
import { actorOf, recordHealed } from "./audit";

const healed = {
  ...{ id: "5800000001001", name: "#1001", why: "" },
  outcome: "healed",
  delivered: ["orders/create", "orders/paid"],
} as const;

function run() {
  let said = "";
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      said += chunk.toString();
      done();
    },
  });
  return { terminal: new Terminal({ json: false, stdout: stream, stderr: stream }), said: () => said };
}

test("a comment tells which order, what was delivered, and by whom", async () => {
  const insert = jest.fn(() => Promise.resolve({ name: "c1" }));
  const { terminal } = run();
  await recordHealed({ insert }, terminal, healed);
  await recordHealed({ insert }, terminal, { ...healed, delivered: [] });
  expect(insert.mock.calls).toEqual([
    [
      "Comment",
      {
        comment_type: "Info",
        reference_doctype: "Shopify Setting",
        reference_name: "Shopify Setting",
        content: expect.stringMatching(
          /^Order #1001 \(5800000001001\): delivered orders\/create, orders\/paid again; it is whole, by .+ at .+$/,
        ) as string,
      },
    ],
  ]);
});

test("a comment that cannot be written stops nothing, and is said", async () => {
  const { terminal, said } = run();
  const refused = new FrappeError({ kind: "conflict", status: 403 }, { what: "it may not", next: "ask" });
  await recordHealed({ insert: () => Promise.reject(refused) }, terminal, healed);
  expect(said()).toMatch(/^ERPNext keeps no record of "Order #1001 .+": it may not/);
});

test("in GitHub Actions it is the run, and who started it", () => {
  const environment = {
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: "octocat",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "acme/stacks",
    GITHUB_RUN_ID: "42",
  };
  expect(actorOf(environment)).toBe("octocat in https://github.com/acme/stacks/actions/runs/42");
});
