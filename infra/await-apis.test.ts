import type { Send } from "../clients/http";
import { NEEDED_RIGHTS } from "../clients/google-rights";
import { PROBED_APIS } from "../clients/google-services";
import { awaitApis, rightsWarning, type ApiWait } from "./await-apis";

const OFF = {
  error: { code: 403, message: "compute has not been used in project acme before or it is disabled.\nsee x" },
};

/** @param answer by the URL and how often it was asked before */
function waiting(answer: (url: string, before: number) => { status: number; body: unknown }): {
  wait: (more?: Partial<ApiWait>) => Promise<void>;
  lines: string[];
  asked: string[];
} {
  const lines: string[] = [];
  const asked: string[] = [];
  const send: Send = ({ url }) => {
    const before = asked.filter((one) => one === url.host).length;
    asked.push(url.host);
    const { status, body } = answer(url.href, before);
    return Promise.resolve({ status, headers: {}, text: JSON.stringify(body) });
  };
  const wait = (more: Partial<ApiWait> = {}): Promise<void> =>
    awaitApis({
      apis: PROBED_APIS,
      send,
      project: "acme",
      token: "token",
      config: {},
      customer: "acme",
      timeoutMs: 5_000,
      intervalMs: 1,
      onProgress: (line) => lines.push(line),
      ...more,
    });
  return { wait, lines, asked };
}

test("each API is asked until it answers, and no longer; what is waited for is told once", async () => {
  const { wait, lines, asked } = waiting((url, before) =>
    /compute|iam/.test(url) && before < (url.includes("compute") ? 3 : 1)
      ? { status: 403, body: OFF }
      : { status: 200, body: {} },
  );
  await wait();
  expect(lines).toEqual([
    "waiting until Google's APIs answer: compute, iam",
    "waiting until Google's APIs answer: compute",
  ]);
  expect(asked).toHaveLength(PROBED_APIS.length + 4);
});

test("nothing is said where all answer", async () => {
  const { wait, lines } = waiting(() => ({ status: 200, body: {} }));
  await wait();
  expect(lines).toEqual([]);
});

test("what waiting does not help ends it at once, in Google's words", async () => {
  const body = {
    error: { code: 403, message: "This API method requires billing to be enabled. Please enable billing" },
  };
  const { wait } = waiting((url) => (url.includes("compute") ? { status: 403, body } : { status: 403, body: OFF }));
  await expect(wait()).rejects.toThrow(
    'Google\'s API "compute" refuses the project "acme" ("This API method requires billing to be enabled. Please enable billing") for customer "acme": ' +
      'link a billing account to the project "acme", and run "pulumi up -s acme" again.',
  );
});

test("the wait has an end, with the APIs and Google's first line", async () => {
  const { wait } = waiting((url) => (url.includes("compute") ? { status: 403, body: OFF } : { status: 200, body: {} }));
  await expect(wait({ timeoutMs: 20 })).rejects.toThrow(
    'Google\'s APIs compute of the project "acme" do not answer 0 s after they were enabled ("compute has not been used in project acme before or it is disabled.") for customer "acme"',
  );
});

describe("the rights of the login", () => {
  const asked = (answer: { status: number; body: unknown }): Promise<string | undefined> => {
    const send: Send = () => Promise.resolve({ status: answer.status, headers: {}, text: JSON.stringify(answer.body) });
    const common = {
      project: "acme-erpnext",
      token: "token",
      config: {},
      customer: "acme",
      timeoutMs: 1,
      intervalMs: 1,
    };
    return rightsWarning({ ...common, send });
  };

  test("are warned of where some lack, with the role that has them", async () => {
    const permissions = Object.keys(NEEDED_RIGHTS).filter((right) => !right.startsWith("compute."));
    expect(await asked({ status: 200, body: { permissions } })).toBe(
      'the login of this update lacks compute.instances.create in the project "acme-erpnext" for customer "acme": where Google refuses something for it, give the account roles/compute.admin and run "pulumi up -s acme" again.',
    );
  });

  test.each([
    ["all are there", { status: 200, body: { permissions: Object.keys(NEEDED_RIGHTS) } }],
    ["Google does not tell", { status: 403, body: { error: { message: "The caller does not have permission" } } }],
  ])("say nothing where %s", async (_title, answer) => {
    expect(await asked(answer)).toBeUndefined();
  });
});
