import type { CommandContext } from "../cli/command";
import { openTeardownTarget } from "../teardown/teardown-target";
import type { Look } from "../teardown/look";
import { lookAgain, teardown } from "../teardown/run";
import { writeReceipt } from "../teardown/write-receipt";

/** How one expired customer's end went. */
export interface Swept {
  readonly slug: string;
  readonly ok: boolean;
  /** The receipt's file, or why there is none. */
  readonly outcome: string;
}

/** Ends customers one after the other. One failure keeps no other from its turn. */
export async function sweep(
  context: CommandContext,
  slugs: readonly string[],
  receipts: string,
): Promise<readonly Swept[]> {
  const swept: Swept[] = [];
  for (const slug of slugs) {
    if (context.signal.aborted) {
      swept.push({ slug, ok: false, outcome: "interrupted before its turn" });
      continue;
    }
    context.terminal.say(`ending ${slug}`);
    const each = await end(context, slug, receipts).catch((error: unknown) => ({
      slug,
      ok: false,
      outcome: error instanceof Error ? error.message : String(error),
    }));
    context.terminal.verdict(each.ok ? "ok" : "bad", `${slug}: ${each.outcome}`);
    swept.push(each);
  }
  return swept;
}

/** Without a confirmed name, so that a stack which says "production" is refused whatever its file says. */
async function end(context: CommandContext, slug: string, receipts: string): Promise<Swept> {
  const target = await openTeardownTarget(slug, context.terminal);
  if (target.state === undefined) return { slug, ...withoutStack(await lookAgain(target, context, receipts)) };
  const receipt = await teardown(target, context, { deleteFiles: false, receipts });
  const file = writeReceipt(receipt, receipts);
  return {
    slug,
    ok: receipt.ok,
    outcome: `${receipt.ok ? "nothing is left" : "something is left or unseen"}, see ${file}.md`,
  };
}

/**
 * A customer whose stack was never made, or ended some day before: there is nothing to end. It fails only for what is seen to
 * be left; what cannot be looked at without the stack's credentials is no reason to fail every sweep from now on.
 */
export function withoutStack(looks: readonly Look[]): Omit<Swept, "slug"> {
  const left = looks.flatMap(({ place, found = [] }) => found.map((name) => `${name} (${place})`));
  if (left.length > 0) return { ok: false, outcome: `there is no stack, but something is left: ${left.join(", ")}` };
  const unseen = looks.filter(({ found, provenAt }) => found === undefined && provenAt === undefined).length;
  const seen = unseen === 0 ? "nothing is left" : `${unseen} of ${looks.length} kinds could not be looked at`;
  return { ok: true, outcome: `there is no stack, so there was nothing to end; ${seen}` };
}
