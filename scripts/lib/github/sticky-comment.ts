import { fitBody } from "./body";
import { GitHubError, type GitHubClient } from "./client";

/** The one comment that is written again at every run. */
export interface StickyComment {
  /** Number of the pull request. */
  readonly pullRequest: number;
  /** First line of the body, by which the comment of an earlier run is found. */
  readonly marker: string;
  readonly body: string;
}

export type Stuck = "written" | "edited" | "unchanged";

/** Authors whose comment may be taken for ours: anyone can write a marker, and could then change what stands below it. */
const TRUSTED = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

const TO_EDIT = "edit the comment of the preview";

/** Writes the comment, or edits the one that is there. One that was deleted meanwhile is written again. @throws GitHubError */
export async function stickComment(client: GitHubClient, comment: StickyComment): Promise<Stuck> {
  const body = fitBody(comment.body);
  const found = await find(client, comment);
  if (found?.body === body) return "unchanged";
  if (found !== undefined && (await edit(client, found.id, body))) return "edited";
  return write(client, { ...comment, body });
}

async function find(
  client: GitHubClient,
  { pullRequest, marker }: StickyComment,
): Promise<{ id: number; body: string } | undefined> {
  const comments = await client.list(`issues/${pullRequest}/comments`, "list the comments of the pull request");
  const [first] = comments.flatMap(({ id, body, user, author_association }) => {
    const type = (user as { type?: unknown } | null)?.type;
    const ours = type === "Bot" || TRUSTED.has(String(author_association));
    return ours && typeof id === "number" && typeof body === "string" && body.startsWith(marker) ? [{ id, body }] : [];
  });
  return first;
}

/** False when it is not there any more. */
async function edit(client: GitHubClient, id: number, body: string): Promise<boolean> {
  try {
    await client.patch(`issues/comments/${id}`, { body }, TO_EDIT);
    return true;
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 404 || error.status === 410)) return false;
    throw error;
  }
}

/** An answer that was lost on its way may have been a yes: looked for before it is written a second time. */
async function write(client: GitHubClient, comment: StickyComment): Promise<Stuck> {
  const post = (): Promise<unknown> =>
    client.post(`issues/${comment.pullRequest}/comments`, { body: comment.body }, "write the comment of the preview");
  try {
    await post();
  } catch (error) {
    if (!(error instanceof GitHubError) || !error.uncertain) throw error;
    if ((await find(client, comment)) === undefined) await post();
  }
  return "written";
}
