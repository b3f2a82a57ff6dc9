import type { ExecutionContext, ScheduledController } from "@cloudflare/workers-types";

import type { TokenMemory } from "../clients/shopify-api";
import { AccessGate } from "./access";
import type { KeyPatience } from "./access-keys";
import { consoleApp } from "./app";
import type { ConsoleEnv } from "./env";
import { refreshFeedOnce, tick, type Means } from "./scan/tick";
import { readSettings, type Settings } from "./settings";
import { LIMITS, type Limits } from "./sides/budget";

export interface WorkerOptions {
  readonly limits?: Partial<Limits>;
  readonly keys?: KeyPatience;
}

/** What the runtime calls. */
export interface ConsoleWorker {
  fetch(request: Request, env: ConsoleEnv, context: ExecutionContext): Response | Promise<Response>;
  scheduled(event: ScheduledController, env: ConsoleEnv, context: ExecutionContext): Promise<void>;
}

/** The Worker. What it remembers between two invocations, in memory alone, are Access's keys and a granted Shopify token. */
export function consoleWorker({ limits, keys }: WorkerOptions = {}): ConsoleWorker {
  const tokenMemory: TokenMemory = {};
  let gate: { readonly of: string; readonly gate: AccessGate } | undefined;
  const gateOf = ({ access }: Settings): AccessGate => {
    const of = JSON.stringify(access);
    if (gate?.of !== of) gate = { of, gate: new AccessGate(access, keys) };
    return gate.gate;
  };
  const meansOf = (settings: Settings, env: ConsoleEnv): Means => ({
    settings,
    database: env.DATABASE,
    limits: { ...LIMITS, ...limits },
    tokenMemory,
  });
  const app = consoleApp({ gateOf, refreshFeed: (settings, env) => refreshFeedOnce(meansOf(settings, env)) });
  return {
    fetch: (request, env, context) => app.fetch(request, env, context),
    scheduled: (_event, env) => tick(meansOf(readSettings(env), env)),
  };
}
