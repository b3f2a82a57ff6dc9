import { check, type Facts } from "./check";
import { stillness } from "../server-readiness";
import { bad, ok, skipped, warn, type Finding } from "./finding";

export function judgeDigest({ report, outputs, customer }: Pick<Facts, "report" | "outputs" | "customer">): Finding {
  const { serverDigest } = outputs;
  if (report.customer !== customer.slug) {
    return bad(`the server is that of "${report.customer}"`, "look at the DNS record of the hook host");
  }
  if (serverDigest === undefined) return skipped("the stack does not say yet which files the server should have");
  if (report.digest === serverDigest) return ok(shortened(serverDigest));
  return bad(
    `the server has ${shortened(report.digest)}, the stack ${shortened(serverDigest)}`,
    'look at journalctl -u erpnext-watch on the server; a restart of it applies the metadata, and "pulumi up" waits for it',
  );
}

function shortened(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

export function judgeSteps({ report, customer }: Pick<Facts, "report" | "customer">): Finding {
  const failed = report.steps.find(({ state }) => state === "failed");
  if (failed !== undefined) {
    return bad(
      `step "${failed.name}" failed with "${failed.detail ?? "no words"}"`,
      `fix that; the server tries again by itself, and "pulumi up -s ${customer.slug}" waits for it`,
    );
  }
  if (report.state === "stale") {
    return bad(stillness(report), "run df / and journalctl -u erpnext-watch on the server");
  }
  const open = report.steps.filter(({ state }) => state !== "done" && state !== "skipped");
  if (open.length === 0 && report.state === "ready") return ok(`${report.steps.length} steps are done`);
  const busy = open.map(({ name, state }) => `${name} is ${state}`).join(", ");
  return warn(`the server is ${report.state}: ${busy}`, "look again in a few minutes");
}

export const SERVER_CHECKS = [
  check({
    id: "server-digest",
    group: "server",
    title: "the server has applied the stack",
    looksAt: 'the digest in /healthz beside the stack\'s output "serverDigest"',
    why: "A server that lags behind runs other files, settings or another image than the stack says.",
    from: ["report", "outputs", "customer"],
    judge: judgeDigest,
  }),
  check({
    id: "server-steps",
    group: "server",
    title: "every step of the server is done",
    looksAt: "the steps in /healthz",
    why: "What follows a failed step has not happened.",
    from: ["report", "customer"],
    judge: judgeSteps,
  }),
];
