/** Digits that write the number of an id's digits. */
const WIDTH = 3;

/** A text that sorts as the id does as a number; ids have any number of digits, which no number of SQLite's holds. */
export function idKey(id: string): string {
  return `${String(id.length).padStart(WIDTH, "0")}${id}`;
}

export function idOfKey(key: string): string {
  return key.slice(WIDTH);
}
