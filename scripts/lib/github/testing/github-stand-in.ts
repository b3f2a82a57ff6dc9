import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment as GitHub's API shows it. */
export interface StandInComment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly user: { readonly type: "Bot" | "User" };
  readonly author_association: string;
}

/** An issue, or a pull request, which GitHub lists among the issues. */
export interface StandInIssue {
  readonly number: number;
  readonly title: string;
  body: string;
  state: "open" | "closed";
  readonly labels: readonly string[];
  readonly pull_request?: object;
}

/** What goes wrong with the next requests that match "<method> <path>". */
export interface GitHubFault {
  readonly match: RegExp;
  readonly times: number;
  readonly answer:
    | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly message?: string }
    /** The connection ends without an answer; with "done" after the work was done. */
    | "lost"
    | "done and lost";
}

/** GitHub's REST API for one repository, as far as this project uses it: its limits, its pages and its refusals. */
export class GitHubStandIn {
  readonly comments: StandInComment[] = [];
  readonly issues: StandInIssue[] = [];
  readonly runs: { readonly head_sha: string; readonly conclusion: string }[] = [];
  /** "<method> <path with query>" of every request. */
  readonly requests: string[] = [];
  readonly #faults: { fault: GitHubFault; left: number }[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #next = 100;

  static async start(): Promise<GitHubStandIn> {
    const standIn = new GitHubStandIn();
    await new Promise<void>((resolve) => standIn.#server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  failNext(fault: GitHubFault): void {
    this.#faults.push({ fault, left: fault.times });
  }

  addComment(comment: Partial<StandInComment> & { readonly body: string }): StandInComment {
    const whole: StandInComment = {
      id: this.#next++,
      issue: 7,
      user: { type: "Bot" },
      author_association: "NONE",
      ...comment,
    };
    this.comments.push(whole);
    return whole;
  }

  addIssue(issue: Partial<StandInIssue> & { readonly body: string }): StandInIssue {
    const number = issue.number ?? this.#next++;
    const whole: StandInIssue = { title: "", state: "open", labels: ["drift"], ...issue, number };
    this.issues.push(whole);
    return whole;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    const line = `${request.method ?? ""} ${request.url ?? ""}`;
    this.requests.push(line);
    const fault = this.#faults.find(({ fault: { match }, left }) => left > 0 && match.test(line));
    if (fault !== undefined) {
      fault.left -= 1;
      const { answer } = fault.fault;
      if (typeof answer === "object") {
        reply(response, { ...answer, body: { message: answer.message ?? "" } });
        return;
      }
      if (answer === "done and lost") this.#answer(request, text);
      request.socket.destroy();
      return;
    }
    reply(response, this.#answer(request, text));
  }

  #answer(request: IncomingMessage, text: string): Answer {
    if (request.headers.authorization !== "Bearer test-token") return refusal(401, "Bad credentials");
    // GitHub refuses requests without it.
    if (request.headers["user-agent"] === undefined) return refusal(403, "Request forbidden by administrative rules.");
    const url = new URL(request.url ?? "", this.url);
    const path = url.pathname.replace(/^\/repos\/agency\/erpnext\//, "");
    const sent = (text === "" ? {} : JSON.parse(text)) as Sent;
    if (typeof sent.body === "string" && sent.body.length > 65_536) {
      return refusal(422, "Validation Failed: body is too long (maximum is 65536 characters)");
    }
    const route = this.#routes().find(([method, shape]) => method === request.method && shape.test(path));
    if (route === undefined) return refusal(404, "Not Found");
    return route[2](Number(/\d+/.exec(path)?.[0]), sent, url);
  }

  #routes(): readonly Route[] {
    return [
      [
        "GET",
        /^issues\/\d+\/comments$/,
        (issue, _, url) =>
          paged(
            this.comments.filter((one) => one.issue === issue),
            url,
          ),
      ],
      [
        "POST",
        /^issues\/\d+\/comments$/,
        (issue, { body = "" }) => ({ status: 201, body: this.addComment({ issue, body }) }),
      ],
      [
        "PATCH",
        /^issues\/comments\/\d+$/,
        (id, { body = "" }) => {
          const comment = this.comments.find((one) => one.id === id);
          if (comment === undefined) return refusal(404, "Not Found");
          comment.body = body;
          return { status: 200, body: comment };
        },
      ],
      ["GET", /^issues$/, (_, __, url) => paged(this.issues.filter(wanted(url)), url)],
      [
        "POST",
        /^issues$/,
        (_, { title = "", body = "", labels = [] }) => ({ status: 201, body: this.addIssue({ title, body, labels }) }),
      ],
      [
        "PATCH",
        /^issues\/\d+$/,
        (number, { body, state }) => {
          const issue = this.issues.find((one) => one.number === number);
          if (issue === undefined) return refusal(404, "Not Found");
          if (body !== undefined) issue.body = body;
          if (state !== undefined) issue.state = state;
          return { status: 200, body: issue };
        },
      ],
      [
        "GET",
        /^actions\/workflows\/deploy\.yml\/runs$/,
        (_, __, url) => {
          const runs = this.runs.filter(({ conclusion }) => conclusion === url.searchParams.get("status"));
          return { status: 200, body: { total_count: runs.length, workflow_runs: [...runs].reverse() } };
        },
      ],
    ];
  }
}

interface Sent {
  readonly title?: string;
  readonly body?: string;
  readonly state?: "open" | "closed";
  readonly labels?: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Route = readonly [method: string, path: RegExp, answer: (number: number, sent: Sent, url: URL) => Answer];

function refusal(status: number, message: string): Answer {
  return { status, body: { message } };
}

function wanted(url: URL): (issue: StandInIssue) => boolean {
  const label = url.searchParams.get("labels") ?? "";
  return ({ state, labels }) => state === url.searchParams.get("state") && labels.includes(label);
}

function paged(all: readonly object[], url: URL): Answer {
  const size = Number(url.searchParams.get("per_page") ?? 30);
  const page = Number(url.searchParams.get("page") ?? 1);
  const more = all.length > size * page;
  const body = all.slice(size * (page - 1), size * page);
  return { status: 200, body, ...(more ? { headers: { Link: `<${url.href}&page=${page + 1}>; rel="next"` } } : {}) };
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
