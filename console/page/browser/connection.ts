import { element } from "./dom";
import type { Connection } from "./poll";

/**
 * The line that says whether the page is fresh. It is read aloud when it changes, so it changes only with the state.
 * @param time writes the time of day, as the company does
 */
export function connectionLine(time: (at: Date) => string): (connection: Connection) => void {
  const line = element("live");
  let shown: Connection | undefined;
  return (connection) => {
    if (connection === shown) return;
    shown = connection;
    line.classList.toggle("live-trouble", connection !== "live");
    const words = line.dataset[connection] ?? "";
    line.replaceChildren(words.replace("{time}", time(new Date())));
    if (connection === "ended") line.append(" ", signIn(line.dataset["signIn"] ?? ""));
  };
}

function signIn(words: string): Node {
  const link = document.createElement("a");
  link.href = window.location.href;
  link.textContent = words;
  return link;
}
