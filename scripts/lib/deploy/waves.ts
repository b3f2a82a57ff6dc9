import { UserError } from "../../../core/user-error";
import type { ParsedCustomer } from "../../../customers/parse";

/** Stacks in the order of their risk: what goes wrong shows at a test store first. */
export interface Waves {
  readonly test: readonly string[];
  readonly production: readonly string[];
}

/** GitHub's limit of jobs that one matrix makes. */
const LARGEST_MATRIX = 256;

/** @throws UserError when an intake file has faults: its wave is then unknown */
export function wavesOf(stacks: readonly string[], load: (stack: string) => ParsedCustomer): Waves {
  const waves = { test: [] as string[], production: [] as string[] };
  for (const stack of stacks) {
    const loaded = load(stack);
    if (!loaded.ok) {
      throw new UserError({
        what: "the intake file has faults",
        customer: stack,
        next: `nothing was deployed; "./stack preview ${stack}" names them`,
      });
    }
    waves[loaded.customer.environment].push(stack);
  }
  return waves;
}

/** What GitHub's `strategy.matrix` is made from: a JSON array a wave. @throws UserError when a wave has too many jobs */
export function matrixOutputs(waves: Waves): Readonly<Record<keyof Waves, string>> {
  const outputs = { test: JSON.stringify(waves.test), production: JSON.stringify(waves.production) };
  const large = (["test", "production"] as const).find((wave) => waves[wave].length > LARGEST_MATRIX);
  if (large === undefined) return outputs;
  throw new UserError({
    what: `the wave "${large}" has ${waves[large].length} stacks, and a matrix of GitHub's takes ${LARGEST_MATRIX}`,
    next: `deploy from a machine of your own: "./stack deploy --apply"`,
  });
}

/** What the deployment of one stack came to. */
export type StackDeploy = { readonly stack: string } & (
  | { readonly kind: "deployed" | "planned"; readonly changes: number }
  /** Not begun: `reason` is one line. */
  | { readonly kind: "refused" | "halted"; readonly reason: string }
  /** Begun, and not finished. */
  | { readonly kind: "failed"; readonly reason: string }
);

export function wentWell({ kind }: StackDeploy): boolean {
  return kind === "deployed" || kind === "planned";
}

/** Deploys wave by wave. Within one, a stack that fails keeps no other from its turn; of the later ones none is begun then. */
export async function inWaves(
  { test, production }: Waves,
  deploy: (stacks: readonly string[]) => Promise<readonly StackDeploy[]>,
): Promise<readonly StackDeploy[]> {
  const done: StackDeploy[] = [];
  for (const wave of [test, production]) {
    const bad = done.filter((each) => !wentWell(each)).map(({ stack }) => stack);
    const reason = `not begun, because ${bad.join(", ")} did not go well`;
    done.push(
      ...(bad.length === 0 ? await deploy(wave) : wave.map((stack) => ({ kind: "halted" as const, stack, reason }))),
    );
  }
  return done;
}
