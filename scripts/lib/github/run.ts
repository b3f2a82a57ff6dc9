import { appendFileSync, readFileSync } from "node:fs";

import { z } from "zod";

import { redact } from "../../../core/secrets";
import { UserError } from "../../../core/user-error";
import { GitHubClient } from "./client";

type Environment = Readonly<Record<string, string | undefined>>;

/** The pull request that a run of GitHub's is about. */
export interface PullRequest {
  readonly number: number;
  /** From a fork: its run has no secrets and may write nothing. */
  readonly fork: boolean;
}

const eventSchema = z.object({
  pull_request: z
    .object({
      number: z.number(),
      head: z.object({ repo: z.object({ full_name: z.string() }).nullable() }),
      base: z.object({ repo: z.object({ full_name: z.string() }) }),
    })
    .optional(),
});

/** GitHub takes a summary of one mebibyte a step. */
const SUMMARY_LIMIT = 1_000_000;

/** One run of GitHub Actions, as its environment describes it. */
export class GitHubRun {
  constructor(private readonly environment: Environment) {}

  /** @throws UserError when the run has no event, or one that cannot be read */
  get pullRequest(): PullRequest | undefined {
    const parsed = eventSchema.safeParse(parse(readFileSync(this.#need("GITHUB_EVENT_PATH"), "utf8")));
    if (!parsed.success) {
      throw new UserError({
        what: `the file of "GITHUB_EVENT_PATH" is no event of GitHub's`,
        next: "leave --github out, which is for runs of GitHub Actions",
      });
    }
    const { pull_request: pull } = parsed.data;
    if (pull === undefined) return undefined;
    // A fork that was deleted meanwhile has no repository.
    return { number: pull.number, fork: pull.head.repo?.full_name !== pull.base.repo.full_name };
  }

  /** @throws UserError when there is no token */
  client(): GitHubClient {
    const apiUrl = this.environment["GITHUB_API_URL"];
    return new GitHubClient({
      repository: this.#need("GITHUB_REPOSITORY"),
      token: this.#need("GITHUB_TOKEN"),
      ...(apiUrl === undefined || apiUrl === "" ? {} : { apiUrl }),
    });
  }

  /** Shows a text on the run's page; where there is none, nothing is written. */
  summarize(markdown: string): void {
    const file = this.environment["GITHUB_STEP_SUMMARY"] ?? "";
    if (file !== "") appendFileSync(file, `${redact(markdown).slice(0, SUMMARY_LIMIT)}\n`);
  }

  /** Hands values to later jobs; each in one line. @throws UserError outside of a run */
  output(values: Readonly<Record<string, string>>): void {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    appendFileSync(this.#need("GITHUB_OUTPUT"), lines.join(""));
  }

  #need(name: string): string {
    const value = this.environment[name] ?? "";
    if (value !== "") return value;
    throw new UserError({
      what: `the environment has no "${name}"`,
      next: "give it to the step, or leave --github out, which is for runs of GitHub Actions",
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
