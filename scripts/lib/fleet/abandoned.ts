import type { BackendList } from "./backend-stacks";

/** A customer whose file a change takes away, and what the backend has of the stack, which nothing destroys for it. */
export type Abandoned = { readonly slug: string } & (
  | { readonly left: "resources"; readonly resources: number }
  | { readonly left: "an empty stack" | "nothing" }
  /** The backend could not be asked: `reason` is one line. */
  | { readonly left: "unknown"; readonly reason: string }
);

/** @param gone slugs of the customers whose file is gone */
export function abandonedAmong(gone: readonly string[], list: BackendList): readonly Abandoned[] {
  return gone.map((slug) => {
    if (list.kind === "failed") return { slug, left: "unknown", reason: list.reason };
    const resources = list.stacks.find(({ stack }) => stack === slug)?.resources;
    if (resources === undefined) return { slug, left: "nothing" };
    return resources === 0 ? { slug, left: "an empty stack" } : { slug, left: "resources", resources };
  });
}

/** Whether the file may not go yet: without it no one would manage what the stack holds. */
export function isPremature({ left }: Abandoned): boolean {
  return left === "resources" || left === "unknown";
}

/** What becomes of the stack, and what to do, in one sentence without a full stop. */
export function abandonedSentence(abandoned: Abandoned): string {
  const { slug } = abandoned;
  const gone = `customers/${slug}.yaml is gone`;
  switch (abandoned.left) {
    case "resources":
      return `${gone}, and the stack stays as it is, with ${abandoned.resources} resources that no one would manage: tear it down first, while the file is there, with "./stack teardown ${slug} --apply"`;
    case "an empty stack":
      return `${gone}, and the stack is empty: "pulumi stack rm ${slug}" takes it away`;
    case "nothing":
      return `${gone}, and there is no stack of that name`;
    case "unknown":
      return `${gone}, and whether its stack is still up could not be seen: ${abandoned.reason}`;
  }
}
