import { ask } from "./ask";

/**
 * Fetches a state of the page and puts its regions in place of this one's. A region that is the same stays untouched; what
 * was focused or unfolded in one that changes is so again afterwards.
 */
export async function showPage(address: string, signal?: AbortSignal): Promise<void> {
  const answer = await ask(address, signal);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  signal?.throwIfAborted();
  document.title = fresh.title;
  for (const region of document.querySelectorAll<HTMLElement>("[data-swap]")) {
    const successor = fresh.querySelector(`[data-swap="${region.dataset["swap"] ?? ""}"]`);
    if (successor !== null && successor.innerHTML !== region.innerHTML) replace(region, successor);
  }
}

function replace(region: HTMLElement, successor: Element): void {
  const unfolded = new Set([...region.querySelectorAll<HTMLElement>("details[open]")].map(keyOf));
  const focused = region.contains(document.activeElement) ? keyOf(document.activeElement) : undefined;
  region.replaceChildren(...document.importNode(successor, true).childNodes);
  for (const details of region.querySelectorAll("details")) details.open = unfolded.has(keyOf(details));
  if (focused !== undefined) focusAgain(region, focused);
}

/** The same thing in the fresh region, or the panel where it is gone: the keyboard stays where it was. */
function focusAgain(region: HTMLElement, key: string): void {
  const again = [...region.querySelectorAll<HTMLElement>("a, summary, [tabindex]")].find((each) => keyOf(each) === key);
  (again ?? region.closest<HTMLElement>("section"))?.focus({ preventScroll: true });
}

/** By what an element is known again: the key that the server gave it, where a link leads, or what it says. */
function keyOf(of: Element | null): string {
  if (of === null) return "";
  return of.getAttribute("data-keep") ?? `${of.tagName} ${of.getAttribute("href") ?? of.textContent}`;
}
