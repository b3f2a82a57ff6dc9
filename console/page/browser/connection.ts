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
    line.replaceChildren(...words(connection, time(new Date())));
  };
}

function words(connection: Connection, time: string): readonly (string | Node)[] {
  if (connection === "live") return ["Live: what is new appears by itself"];
  if (connection === "reconnecting") return [`Reconnecting since ${time}; the page is as of then`];
  const link = document.createElement("a");
  link.href = window.location.href;
  link.textContent = "Sign in again";
  return [`Your session ended at ${time}. `, link];
}
