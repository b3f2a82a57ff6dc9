import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BODY_LIMIT, fitBody } from "./body";
import { GitHubClient, GitHubError } from "./client";
import { GitHubRun } from "./run";
import { stickComment, type Stuck } from "./sticky-comment";
import { GitHubStandIn } from "./testing/github-stand-in";

const MARKER = "<!-- erpnext-fleet-preview -->";
const PATIENCE = { maxWaitMs: 20_000, tries: 3, firstDelayMs: 1 };

let github: GitHubStandIn;
let client: GitHubClient;

beforeEach(async () => {
  github = await GitHubStandIn.start();
  client = new GitHubClient({
    repository: "agency/erpnext",
    token: "test-token",
    apiUrl: github.url,
    patience: PATIENCE,
  });
});
afterEach(() => github.close());

const stick = (body = `${MARKER}\nnew`): Promise<Stuck> =>
  stickComment(client, { pullRequest: 7, marker: MARKER, body });

const bodies = (): string[] => github.comments.map(({ body }) => body);

describe("the one comment", () => {
  it("is written once, then edited, and left alone when it says the same already", async () => {
    expect(await stick()).toBe("written");
    expect(await stick(`${MARKER}\nnewer`)).toBe("edited");
    expect(await stick(`${MARKER}\nnewer`)).toBe("unchanged");
    expect(bodies()).toEqual([`${MARKER}\nnewer`]);
    expect(github.requests.filter((line) => !line.startsWith("GET"))).toHaveLength(2);
  });

  it("is found behind a hundred others", async () => {
    for (let index = 0; index < 150; index += 1) github.addComment({ body: `comment ${index}` });
    const old = github.addComment({ body: `${MARKER}\nold` });
    expect(await stick()).toBe("edited");
    expect(old.body).toBe(`${MARKER}\nnew`);
  });

  it("is not taken for that of a stranger who wrote the marker, nor of another pull request", async () => {
    github.addComment({ body: `${MARKER}\nfalse`, user: { type: "User" }, author_association: "NONE" });
    github.addComment({ body: `${MARKER}\nother`, issue: 8 });
    expect(await stick()).toBe("written");
    expect(bodies()).toEqual([`${MARKER}\nfalse`, `${MARKER}\nother`, `${MARKER}\nnew`]);
  });

  it("is written again when it was deleted meanwhile", async () => {
    github.addComment({ body: `${MARKER}\nold` });
    github.failNext({ match: /^PATCH/, times: 1, answer: { status: 404, message: "Not Found" } });
    expect(await stick()).toBe("written");
  });

  it.each([
    ["was written all the same", "done and lost", 1],
    ["was not written", "lost", 2],
  ] as const)("is never doubled: the answer was lost and it %s", async (_what, answer, posts) => {
    github.failNext({ match: /^POST/, times: 1, answer });
    expect(await stick()).toBe("written");
    expect(bodies()).toEqual([`${MARKER}\nnew`]);
    expect(github.requests.filter((line) => line.startsWith("POST"))).toHaveLength(posts);
  });

  it("is cut to what GitHub takes", async () => {
    const long = [MARKER, ...Array.from({ length: 9_000 }, (_, index) => `line ${index}`), "the end"].join("\n");
    expect(long.length).toBeGreaterThan(BODY_LIMIT);
    expect(await stick(long)).toBe("written");
    expect(await stick(long)).toBe("unchanged");
    expect(bodies()[0]?.startsWith(MARKER)).toBe(true);
    expect(bodies()[0]?.endsWith("\nthe end")).toBe(true);
  });
});

describe("limits and refusals", () => {
  it.each([
    ["Retry-After", { status: 429, headers: { "Retry-After": "0" } }],
    [
      "a rate limit that has just ended",
      { status: 403, headers: { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1" } },
    ],
    ["a broken gateway", { status: 502 }],
  ])("waits out %s", async (_what, answer) => {
    github.failNext({ match: /^GET/, times: 2, answer });
    expect(await stick()).toBe("written");
  });

  it.each([
    [
      "a missing permission, at once",
      { status: 403, message: "Resource not accessible by integration" },
      1,
      'HTTP 403, "Resource not accessible by integration"',
    ],
    [
      "a limit longer than its patience",
      { status: 403, headers: { "Retry-After": "3600" }, message: "secondary rate limit" },
      1,
      /HTTP 403, "secondary rate limit", given up after 1 try in/,
    ],
    ["a server that stays broken", { status: 500, message: "" }, 3, /HTTP 500, "", given up after 3 tries in/],
  ])("gives up on %s", async (...[, answer, requests, words]) => {
    github.failNext({ match: /./, times: 100, answer });
    const error = await stick().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubError);
    const sentence = "GitHub refused to list the comments of the pull request: ";
    if (typeof words === "string") expect((error as Error).message).toBe(`${sentence}${words}`);
    else expect((error as Error).message).toMatch(words);
    expect(github.requests).toHaveLength(requests);
  });

  it("never repeats what makes something once the server has failed at it", async () => {
    github.failNext({ match: /^POST/, times: 1, answer: { status: 502 } });
    const error = await client.post("issues", { title: "x" }, "open an issue").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      status: 502,
      uncertain: true,
      message: 'GitHub refused to open an issue: HTTP 502, ""',
    });
    expect(github.requests).toHaveLength(1);
  });

  it("does not show the token, no matter what echoes it", async () => {
    github.failNext({ match: /./, times: 1, answer: { status: 400, message: "bad header: Bearer test-token" } });
    await expect(client.get("issues/1", "read an issue")).rejects.toThrow(
      'GitHub refused to read an issue: HTTP 400, "bad header: Bearer [secret]"',
    );
  });
});

describe("a body that is too long", () => {
  it("leaves one that fits alone", () => {
    expect(fitBody("a\nb", 3)).toBe("a\nb");
  });

  it("keeps beginning and end, and closes and opens again the block that the cut goes through", () => {
    const lines = [
      "# head",
      "````diff",
      ...Array.from({ length: 400 }, (_, i) => `+ \`\`\` line ${i}`),
      "````",
      "tail",
    ];
    const fitted = fitBody(lines.join("\n"), 2_000);
    expect(fitted.length).toBeLessThanOrEqual(2_000);
    const [before = "", after = ""] = fitted.split("_Too long for GitHub: the middle is left out._");
    expect(before.startsWith("# head\n````diff\n+ ``` line 0\n")).toBe(true);
    expect(before.trimEnd().endsWith("\n````")).toBe(true);
    expect(after.trimStart().startsWith("````diff\n")).toBe(true);
    expect(after.endsWith("+ ``` line 399\n````\ntail")).toBe(true);
  });

  it("opens nothing where the cut is in plain text", () => {
    const fitted = fitBody(
      ["```", "x", "```", ...Array.from({ length: 400 }, (_, i) => `line ${i}`)].join("\n"),
      1_000,
    );
    expect(fitted.match(/```/g)).toHaveLength(2);
  });
});

describe("a run of GitHub Actions", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "github-run-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const run = (event: unknown): GitHubRun => {
    const file = join(directory, "event.json");
    writeFileSync(file, typeof event === "string" ? event : JSON.stringify(event));
    return new GitHubRun({
      GITHUB_EVENT_PATH: file,
      GITHUB_STEP_SUMMARY: join(directory, "summary"),
      GITHUB_OUTPUT: join(directory, "output"),
    });
  };
  const pull = (head: string | null): unknown => ({
    pull_request: {
      number: 7,
      head: { repo: head === null ? null : { full_name: head } },
      base: { repo: { full_name: "agency/erpnext" } },
    },
  });

  it.each([
    ["agency/erpnext", { number: 7, fork: false }],
    ["stranger/erpnext", { number: 7, fork: true }],
    [null, { number: 7, fork: true }],
  ])("tells whether the pull request of %s is from a fork", (head, expected) => {
    expect(run(pull(head)).pullRequest).toEqual(expected);
  });

  it("knows that a push has no pull request, and refuses what is no event", () => {
    expect(run({ ref: "refs/heads/main" }).pullRequest).toBeUndefined();
    expect(() => run("{").pullRequest).toThrow('the file of "GITHUB_EVENT_PATH" is no event of GitHub\'s');
  });

  it("appends to the summary, masked, and to the outputs", () => {
    const one = run({});
    one.summarize("## First shpat_0123456789abcdef");
    one.summarize("second");
    one.output({ test: "[]", production: '["acme"]' });
    expect(readFileSync(join(directory, "summary"), "utf8")).toBe("## First [secret]\nsecond\n");
    expect(readFileSync(join(directory, "output"), "utf8")).toBe('test=[]\nproduction=["acme"]\n');
  });

  it("says which variable is missing", () => {
    const words = 'the environment has no "GITHUB_REPOSITORY": give it to the step, or leave --github out';
    expect(() => run({}).client()).toThrow(words);
    expect(() => {
      new GitHubRun({}).summarize("no summary is no fault");
    }).not.toThrow();
  });
});
