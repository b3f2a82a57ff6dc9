import { element } from "./dom";
import { showPage } from "./swap";

/** How long without typing before the list follows. Milliseconds. */
const PAUSE = 250;

/** Lets filter, search and paging change the list in place. The address says what is shown, so that the back button works. */
export function followGaps(): void {
  const input = element("search") as HTMLInputElement;
  const form = element("gap-search") as HTMLFormElement;
  const show = shower();
  let timer: number | undefined;
  let typing = false;

  const search = (): void => {
    window.clearTimeout(timer);
    const address = addressOf(form);
    if (address === currentAddress()) return;
    // One burst of typing is one step of the history.
    if (typing) window.history.replaceState(null, "", address);
    else window.history.pushState(null, "", address);
    typing = true;
    void show(address);
  };
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(search, PAUSE);
  });
  input.addEventListener("blur", () => (typing = false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  element("gaps").addEventListener("click", (event) => {
    const address = followed(event);
    if (address === undefined) return;
    event.preventDefault();
    typing = false;
    window.history.pushState(null, "", address);
    void show(address).then(() => {
      input.value = new URLSearchParams(window.location.search).get("search") ?? "";
    });
  });
  window.addEventListener("popstate", () => {
    typing = false;
    input.value = new URLSearchParams(window.location.search).get("search") ?? "";
    void show(currentAddress());
  });
}

/** Shows one address at a time: a newer one aborts the request of the older. */
function shower(): (address: string) => Promise<void> {
  let waiting: AbortController | undefined;
  return async (address) => {
    waiting?.abort();
    const mine = new AbortController();
    waiting = mine;
    try {
      await showPage(withoutHash(address), mine.signal);
    } catch {
      // The browser then says itself what is wrong, or shows the login page.
      if (!mine.signal.aborted) window.location.reload();
    }
  };
}

function addressOf(form: HTMLFormElement): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() !== "") parameters.append(name, value.trim());
  }
  const text = parameters.toString();
  return text === "" ? "/" : `/?${text}`;
}

/** Where a plain click leads, if that is another state of this page. */
function followed(event: MouseEvent): string | undefined {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!plain || link === null || link.target !== "" || link.pathname !== "/") return undefined;
  return link.origin === window.location.origin ? `${link.pathname}${link.search}` : undefined;
}

/** What is shown, without the place in the page. */
export function currentAddress(): string {
  return `${window.location.pathname}${window.location.search}`;
}

function withoutHash(address: string): string {
  return address.replace(/#.*$/, "");
}
