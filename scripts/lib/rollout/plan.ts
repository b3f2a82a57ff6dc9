import { UserError } from "../../../core/user-error";
import type { ParsedCustomer } from "../../../customers/parse";
import { readRelease } from "../../../customers/release";

/** What is rolled out, to whom first, and to whom not. */
export interface RolloutChoice {
  /** The tag for all customers. */
  readonly image: string;
  /** Whether it is a release: then one customer builds it, and all others get that very image. */
  readonly isRelease: boolean;
  /** Slugs that go before all others. */
  readonly canary: readonly string[];
  /** Slugs that are left out by hand. */
  readonly without: readonly string[];
}

/** A customer's file as it was read. */
export interface KnownCustomer {
  readonly slug: string;
  readonly parsed: ParsedCustomer;
}

/** Customers that change together: one pull request's worth. */
export interface Wave {
  readonly title: string;
  readonly members: readonly Member[];
}

export interface Member {
  readonly slug: string;
  /** The tag that the file says. */
  readonly tag: string;
}

/** Someone who is not rolled out to, and why: words that follow the slug. */
export interface Skipped {
  readonly slug: string;
  readonly because: string;
}

export interface Layout {
  readonly waves: readonly Wave[];
  readonly skipped: readonly Skipped[];
}

/** What a look at a customer's stack and server came to, for those whose file has the tag. */
export type Sighting =
  | { readonly kind: "healthy" }
  /** Its file has the tag, and its server not yet. */
  | { readonly kind: "behind"; readonly reason: string }
  | { readonly kind: "unhealthy"; readonly reason: string };

/** What comes next. Waves are counted from 1. */
export type NextStep =
  | { readonly kind: "done" }
  | { readonly kind: "halt"; readonly wave: number; readonly because: readonly Skipped[] }
  | { readonly kind: "write"; readonly wave: number; readonly slugs: readonly string[] };

/**
 * Who is in which wave: those named as canaries, the other test customers, then production by name, one customer first and
 * each time twice as many. It depends on the files alone, so that every run comes to the same waves, whichever of them are done.
 * @throws UserError for a slug that there is not, and for a canary that cannot be rolled out to
 */
export function layOut(customers: readonly KnownCustomer[], choice: RolloutChoice): Layout {
  refuseUnknown(customers, choice);
  const skipped: Skipped[] = [];
  const members = new Map<string, Member & { readonly production: boolean }>();
  for (const { slug, parsed } of [...customers].sort((a, b) => (a.slug < b.slug ? -1 : 1))) {
    const because = reasonToSkip(slug, parsed, choice);
    if (because !== undefined) skipped.push({ slug, because });
    else if (parsed.ok) {
      const { environment, erpnext } = parsed.customer;
      members.set(slug, { slug, tag: erpnext.imageTag, production: environment === "production" });
    }
  }
  refuseSkippedCanary(skipped, choice);
  const isCanary = ({ slug }: Member): boolean => choice.canary.includes(slug);
  const others = [...members.values()].filter((member) => !isCanary(member));
  const waves: Wave[] = [
    { title: "canary", members: [...members.values()].filter(isCanary) },
    { title: "test customers", members: others.filter(({ production }) => !production) },
    ...doubling(others.filter(({ production }) => production)),
  ];
  if (choice.isRelease) builderFirst(waves, choice.canary[0]);
  const plain = ({ slug, tag }: Member): Member => ({ slug, tag });
  return {
    waves: waves
      .filter((wave) => wave.members.length > 0)
      .map((wave) => ({ ...wave, members: wave.members.map(plain) })),
    skipped,
  };
}

/** The first of the first wave becomes one of its own: what it builds is what all others get. */
function builderFirst(waves: Wave[], canary: string | undefined): void {
  const first = waves.findIndex(({ members }) => members.length > 0);
  const wave = waves[first];
  const builder = wave?.members.find(({ slug }) => slug === canary) ?? wave?.members[0];
  if (wave === undefined || builder === undefined) return;
  const rest = wave.members.filter((member) => member !== builder);
  waves.splice(first, 1, { title: "canary, which builds it", members: [builder] }, { ...wave, members: rest });
}

function doubling(production: readonly Member[]): readonly Wave[] {
  const waves: Wave[] = [];
  for (let start = 0, size = 1; start < production.length; start += size, size *= 2) {
    const members = production.slice(start, start + size);
    waves.push({ title: `production, ${members.length} of ${production.length}`, members });
  }
  return waves;
}

function reasonToSkip(
  slug: string,
  parsed: ParsedCustomer,
  { image, isRelease, without }: RolloutChoice,
): string | undefined {
  if (without.includes(slug)) return "left out by --without";
  if (!parsed.ok) return `its file has ${counted(parsed.faults.length, "fault")}: ${parsed.faults[0] ?? ""}`;
  const { imageTag, build } = parsed.customer.erpnext;
  if (imageTag === image) return undefined;
  if (isNewer(imageTag, image)) return `has "${imageTag}", which is newer: a migrated database does not go back`;
  // A release that was given to it earlier is read back too.
  if (!build && !(isRelease && readRelease(imageTag) !== undefined))
    return `its image is pushed from elsewhere ("erpnext.build" is false): push "${image}" there and edit the file`;
  return undefined;
}

/** Of tags that are numbers and dots alone; others cannot be compared. */
function isNewer(tag: string, than: string): boolean {
  const numbers = /^v?(\d+(?:\.\d+)*)$/;
  const [one, other] = [numbers.exec(tag)?.[1], numbers.exec(than)?.[1]];
  if (one === undefined || other === undefined) return false;
  return one.localeCompare(other, "en", { numeric: true }) > 0;
}

function refuseUnknown(customers: readonly KnownCustomer[], { canary, without }: RolloutChoice): void {
  const known = customers.map(({ slug }) => slug);
  const unknown = [...canary, ...without].find((slug) => !known.includes(slug));
  if (unknown === undefined) return;
  throw new UserError({ what: `there is no customers/${unknown}.yaml`, next: `choose among ${known.join(", ")}` });
}

function refuseSkippedCanary(skipped: readonly Skipped[], { canary }: RolloutChoice): void {
  const refused = skipped.find(({ slug }) => canary.includes(slug));
  if (refused === undefined) return;
  throw new UserError({
    what: `the canary cannot be rolled out to (${refused.because})`,
    customer: refused.slug,
    next: "fix that, or name another one with --canary",
  });
}

/** The first wave of which someone lacks the tag, counted from 1; undefined once everyone's file has it. */
export function nextWave({ waves }: Layout, image: string): number | undefined {
  const index = waves.findIndex(({ members }) => members.some(({ tag }) => tag !== image));
  return index === -1 ? undefined : index + 1;
}

/** Whose server has to be looked at before the next wave: everyone up to it whose file has the tag. */
export function toLookAt(layout: Layout, image: string): readonly string[] {
  const waves = layout.waves.slice(0, nextWave(layout, image) ?? layout.waves.length);
  return waves.flatMap(({ members }) => members.filter(({ tag }) => tag === image).map(({ slug }) => slug));
}

/**
 * An earlier wave has to be deployed and healthy in every member. One that is in the next wave already, because a run was cut short,
 * need not be deployed yet; that it is not unhealthy counts all the same.
 */
export function nextStep(layout: Layout, image: string, seen: ReadonlyMap<string, Sighting>): NextStep {
  const next = nextWave(layout, image);
  for (const [index, { members }] of layout.waves.slice(0, next).entries()) {
    const wave = index + 1;
    const because = members.flatMap(({ slug }) => {
      const sighting = seen.get(slug) ?? { kind: "healthy" };
      const holdsUp = sighting.kind === "unhealthy" || (sighting.kind === "behind" && wave !== next);
      return holdsUp ? [{ slug, because: sighting.reason }] : [];
    });
    if (because.length > 0) return { kind: "halt", wave, because };
  }
  if (next === undefined) return { kind: "done" };
  const members = layout.waves[next - 1]?.members ?? [];
  return { kind: "write", wave: next, slugs: members.filter(({ tag }) => tag !== image).map(({ slug }) => slug) };
}

function counted(count: number, noun: string): string {
  return count === 1 ? `a ${noun}` : `${count} ${noun}s`;
}
