import { FrappeClient, FrappeError, type FrappeClientOptions } from "./frappe";
import { startStubServer, type StubServer, type StubStep } from "./testing/stub-server";

const KEY = "canarykey000001";
const SECRET = "canarysecret0002";
const ACCESS = "canaryaccess0003";

let server: StubServer;
beforeEach(async () => (server = await startStubServer()));
afterEach(async () => server.close());

function client(options: Partial<FrappeClientOptions> = {}): FrappeClient {
  return new FrappeClient({
    siteUrl: "https://erp.acme.example",
    apiUrl: server.url,
    apiKey: KEY,
    apiSecret: SECRET,
    firstDelayMs: 1,
    ...options,
  });
}

/** The error of a call, which never holds a credential. */
async function failure(promise: Promise<unknown>): Promise<FrappeError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FrappeError)) throw new Error(`no FrappeError but ${String(error)}`);
  const text = `${error.message}\n${error.stack ?? ""}\n${JSON.stringify(error)}`;
  for (const secret of [KEY, SECRET, ACCESS]) expect(text).not.toContain(secret);
  return error;
}

function timeless(text: string): string {
  return text.replace(/\d+\.\d s/, "N s");
}

/** A failure in the shape of Frappe 15: messages are JSON objects as strings, in a JSON list, as a string. */
function refusal(status: number, exception: string, ...messages: readonly string[]): StubStep {
  const inner = messages.map((message) => JSON.stringify({ message, title: "Message", indicator: "red" }));
  return {
    status,
    body: { exc_type: exception, exc: '["Traceback: not shown"]', _server_messages: JSON.stringify(inner) },
  };
}

const GONE = refusal(404, "DoesNotExistError", "UOM Kg not found");

describe("requests", () => {
  test("carry the key, the Access service token, and the site's name", async () => {
    server.script({ status: 200, body: { data: { name: "Kg" } } });
    const access = { clientId: "id.access", clientSecret: ACCESS };
    await expect(client({ access }).get("UOM", "Kg")).resolves.toEqual({ name: "Kg" });
    expect(server.seen[0]!.headers).toMatchObject({
      host: "erp.acme.example",
      authorization: `token ${KEY}:${SECRET}`,
      "cf-access-client-id": "id.access",
      "cf-access-client-secret": ACCESS,
    });
  });

  test("send no Access headers where there is no service token", async () => {
    server.script({ status: 200, body: { data: { name: "Kg" } } });
    await client().get("UOM", "Kg");
    expect(Object.keys(server.seen[0]!.headers).filter((name) => name.startsWith("cf-"))).toEqual([]);
  });

  test("encode spaces and slashes in names", async () => {
    server.script({ status: 200, body: { data: {} } });
    await client().get("Customer Group", "A/B 100%");
    expect(server.seen[0]!.path).toBe("/api/resource/Customer%20Group/A%2FB%20100%25");
  });

  test("insert, update, delete, list and call are what Frappe's REST API takes", async () => {
    server.script({ status: 200, body: { data: { name: "Kg" }, message: "pong" } });
    const frappe = client();
    await expect(frappe.insert("UOM", { name: "Kg", enabled: 1 })).resolves.toEqual({ name: "Kg" });
    await expect(frappe.update("UOM", "Kg", { enabled: 0 })).resolves.toEqual({ name: "Kg" });
    await expect(frappe.delete("UOM", "Kg")).resolves.toBeUndefined();
    await expect(frappe.call("frappe.client.get_count", { doctype: "UOM" })).resolves.toBe("pong");
    await frappe.list("RQ Job", {
      fields: ["name", "status"],
      filters: [["status", "=", "failed"]],
      limit: 5,
      orderBy: "modified desc",
    });
    await frappe.list("UOM");
    const long = [["RQ Job", "queue", "=", "long"]] as const;
    await expect(frappe.view("RQ Job", { filters: long, orderBy: "creation asc", length: 7 })).resolves.toBe("pong");
    expect(
      server.seen.map(({ method, path, body }) => [method, decodeURIComponent(path.replace(/\+/g, " ")), body]),
    ).toEqual([
      ["POST", "/api/resource/UOM", '{"name":"Kg","enabled":1}'],
      ["PUT", "/api/resource/UOM/Kg", '{"enabled":0}'],
      ["DELETE", "/api/resource/UOM/Kg", ""],
      ["POST", "/api/method/frappe.client.get_count", '{"doctype":"UOM"}'],
      [
        "GET",
        '/api/resource/RQ Job?fields=["name","status"]&filters=[["status","=","failed"]]&limit_page_length=5&order_by=modified desc',
        "",
      ],
      ["GET", '/api/resource/UOM?fields=["name"]', ""],
      [
        "GET",
        '/api/method/frappe.desk.reportview.get_list?doctype=RQ Job&fields=["*"]&filters=[["RQ Job","queue","=","long"]]&order_by=creation asc&start=0&page_length=7',
        "",
      ],
    ]);
  });
});

describe("what is not there", () => {
  test("is undefined when read, and deleted already when deleted", async () => {
    server.script(GONE);
    await expect(client().get("UOM", "Kg")).resolves.toBeUndefined();
    await expect(client().delete("UOM", "Kg")).resolves.toBeUndefined();
    expect(server.seen).toHaveLength(2);
  });

  test("is an error when saved", async () => {
    server.script(GONE);
    const error = await failure(client().update("UOM", "Kg", {}));
    expect([error.kind, error.status, error.exception, error.what]).toEqual([
      "missing",
      404,
      "DoesNotExistError",
      'erp.acme.example refused to save UOM "Kg" (HTTP 404 DoesNotExistError): UOM Kg not found',
    ]);
  });

  test("is also of a doctype that no app brings, which Frappe answers as a defect", async () => {
    const exception = "Error: No module named 'frappe.core.doctype.shopify_setting'";
    server.script({ status: 500, body: { exception, exc_type: "ImportError" } });
    await expect(client().get("Shopify Setting", "Shopify Setting")).resolves.toBeUndefined();
    const error = await failure(client().update("Shopify Setting", "Shopify Setting", {}));
    expect([error.kind, error.next]).toEqual([
      "missing",
      "check the name, and that the app it belongs to is installed on the site",
    ]);
    expect(server.seen).toHaveLength(2);
  });

  test("is no document when the whole site is not there", async () => {
    server.script({ status: 404, body: "<h1>erp.acme.example does not exist</h1>" });
    const error = await failure(client().get("UOM", "Kg"));
    expect([error.kind, error.what]).toEqual([
      "unexpected",
      'no Frappe site answers at erp.acme.example (HTTP 404) to read UOM "Kg"',
    ]);
  });
});

/** As Frappe answers while `bench migrate` runs. */
const MAINTENANCE: StubStep = {
  status: 503,
  body: { exception: "frappe.exceptions.SessionStopped: Session Stopped", exc_type: "SessionStopped" },
};

describe("refusals", () => {
  test.each([
    {
      status: 417,
      exception: "LinkValidationError",
      kind: "refused",
      next: "create what it links to first, or correct the name",
    },
    {
      status: 417,
      exception: "TimestampMismatchError",
      kind: "conflict",
      next: "someone saved the document at the same moment: run the command again",
    },
    {
      status: 409,
      exception: "DuplicateEntryError",
      kind: "conflict",
      next: "rename one of the two documents or let the existing one be adopted",
    },
    {
      status: 417,
      exception: "LinkExistsError",
      kind: "refused",
      next: "delete what refers to it first, or keep the document",
    },
    {
      status: 417,
      exception: "ValidationError",
      kind: "refused",
      next: "correct what Frappe names and run the command again",
    },
    {
      status: 401,
      exception: "AuthenticationError",
      kind: "unauthorized",
      next: 'check "automationApiKey" and "automationApiSecret": the site does not know the pair',
    },
    {
      status: 403,
      exception: "PermissionError",
      kind: "unauthorized",
      next: "see that the automation user is enabled and has the roles that host/bench/automation-user.py gives it",
    },
    { status: 500, exception: "TypeError", kind: "server", next: "look into the site's Error Log" },
  ])("HTTP $status $exception is $kind", async ({ status, exception, kind, next }) => {
    server.script(refusal(status, exception, "Because"));
    const error = await failure(client().update("Shopify Setting", "Shopify Setting", {}));
    expect([error.kind, error.exception, error.status, error.next]).toEqual([kind, exception, status, next]);
    expect(error.what).toBe(
      `erp.acme.example refused to save "Shopify Setting" (HTTP ${status} ${exception}): Because`,
    );
    expect(server.seen).toHaveLength(1);
  });

  test("messages are all told, without HTML and without credentials", async () => {
    const html = `Could not find <strong>Row #1: Tax &amp; Account</strong>: <a href="/x">VAT</a>.`;
    server.script(refusal(417, "LinkValidationError", html, html, `echo ${SECRET}`));
    const error = await failure(client().update("UOM", "Kg", {}));
    expect(error.what).toBe(
      'erp.acme.example refused to save UOM "Kg" (HTTP 417 LinkValidationError): Could not find Row #1: Tax & Account: VAT; echo [secret]',
    );
  });

  test("the class and the message are read from `exception` where that is all there is", async () => {
    server.script({
      status: 417,
      body: { exception: "frappe.exceptions.ValidationError: Unverified <b>Webhook</b> Data" },
    });
    const error = await failure(client().call("x.y"));
    expect([error.exception, error.what]).toEqual([
      "ValidationError",
      "erp.acme.example refused to call x.y (HTTP 417 ValidationError): Unverified Webhook Data",
    ]);
  });

  test.each<[string, StubStep]>([
    [
      "a redirect to its login",
      { status: 302, headers: { Location: "https://acme.cloudflareaccess.com/cdn-cgi/access/login" } },
    ],
    ["a page of its own", { status: 403, body: "<html>Forbidden. You don't have permission</html>" }],
  ])("Cloudflare Access is recognised by %s", async (_how, step) => {
    server.script(step);
    const error = await failure(client().get("UOM", "Kg"));
    expect(error.kind).toBe("access");
    expect(error.next).toBe(
      "check that the Access application of this host has a policy for the service token and that the token has not expired",
    );
    expect(server.seen).toHaveLength(1);
  });

  test("HTML instead of JSON is not taken for an answer", async () => {
    server.script({ status: 200, body: "<html>Welcome</html>" });
    const error = await failure(client().get("UOM", "Kg"));
    expect([error.kind, error.what]).toEqual([
      "unexpected",
      'erp.acme.example answered HTTP 200 with text/html; charset=utf-8 instead of Frappe\'s JSON to read UOM "Kg"',
    ]);
  });
});

describe("failures on the way", () => {
  test.each<[string, StubStep]>([
    ["HTTP 500", refusal(500, "OperationalError", "lock")],
    ["HTTP 500 of a worker that broke", { status: 500, body: "<h1>Internal Server Error</h1>" }],
    ["HTTP 502", { status: 502, body: "bad gateway" }],
    ["HTTP 503 in maintenance mode", MAINTENANCE],
    ["HTTP 530 of a tunnel that is down", { status: 530, body: "error code: 1033" }],
    ["a broken connection", "reset"],
    ["HTTP 429", { status: 429, headers: { "Retry-After": "0" } }],
  ])("reading is tried again after %s", async (_what, step) => {
    server.script(step, { status: 200, body: { data: { name: "Kg" } } });
    await expect(client().get("UOM", "Kg")).resolves.toEqual({ name: "Kg" });
    expect(server.seen).toHaveLength(2);
  });

  test("HTTP 500 forever ends after five tries", async () => {
    server.script(refusal(500, "TypeError", "broken"));
    const error = await failure(client().get("UOM", "Kg"));
    expect([error.kind, error.exception, timeless(error.what)]).toEqual([
      "server",
      "TypeError",
      'erp.acme.example refused to read UOM "Kg" (HTTP 500 TypeError): broken, given up after 5 tries in N s',
    ]);
    expect(server.seen).toHaveLength(5);
  });

  test("a server that never comes ends after five tries", async () => {
    server.script({ status: 503, body: "" });
    const error = await failure(client().update("UOM", "Kg", {}));
    expect([error.kind, error.status, timeless(error.what)]).toEqual([
      "unreachable",
      503,
      'erp.acme.example did not answer to save UOM "Kg": HTTP 503, given up after 5 tries in N s',
    ]);
    expect(server.seen).toHaveLength(5);
  });

  test("a site that stays in maintenance mode is named as one", async () => {
    server.script(MAINTENANCE);
    const error = await failure(client().get("UOM", "Kg"));
    expect([error.kind, timeless(error.what)]).toEqual([
      "unreachable",
      'erp.acme.example did not answer to read UOM "Kg": HTTP 503, the site is in maintenance mode, given up after 5 tries in N s',
    ]);
  });

  test("a hanging server costs no more than the patience", async () => {
    server.script("hang");
    const started = performance.now();
    const error = await failure(client({ timeoutMs: 100, maxWaitMs: 250 }).get("UOM", "Kg"));
    expect([error.kind, error.status]).toEqual(["unreachable", 0]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("an insert that may or may not have arrived is looked for before it is sent again", async () => {
    server.script("reset", { status: 200, body: { data: { name: "Kg", enabled: 1 } } });
    await expect(client().insert("UOM", { name: "Kg" })).resolves.toEqual({ name: "Kg", enabled: 1 });
    expect(server.seen.map(({ method }) => method)).toEqual(["POST", "GET"]);
  });

  test("an insert that did not arrive is sent again", async () => {
    server.script({ status: 504, body: "" }, GONE, { status: 200, body: { data: { name: "Kg" } } });
    await expect(client().insert("UOM", { name: "Kg" })).resolves.toEqual({ name: "Kg" });
    expect(server.seen.map(({ method }) => method)).toEqual(["POST", "GET", "POST"]);
  });

  test("an insert without a name and a method call are sent once", async () => {
    server.script("reset");
    expect((await failure(client().insert("ToDo", { description: "x" }))).kind).toBe("unreachable");
    expect((await failure(client().call("x.y"))).kind).toBe("unreachable");
    expect(server.seen).toHaveLength(2);
  });

  test("what was never sent may always be sent again", async () => {
    await server.close();
    const error = await failure(client().call("x.y"));
    expect(timeless(error.what)).toMatch(/ECONNREFUSED .*, given up after 5 tries in N s$/);
    server = await startStubServer();
  });
});
