/** The page's element with this id, which the server always writes. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element "${id}"`);
  return found;
}

/** The element of a class inside another. */
export function part(of: ParentNode, name: string): HTMLElement {
  const found = of.querySelector<HTMLElement>(`.${name}`);
  if (found === null) throw new Error(`the page has no element of the class "${name}"`);
  return found;
}
