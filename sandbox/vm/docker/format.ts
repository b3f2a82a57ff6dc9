/** A Go template with fields and one level of `if`, which is what `--format` is given here. */
export function render(template: string, data: unknown): string {
  return template
    .replace(/\{\{if ([.\w]+)\}\}(.*?)\{\{end\}\}/g, (...[, path, branches]: string[]) => {
      const [yes = "", no = ""] = (branches ?? "").split("{{else}}");
      return isTrue(at(data, path ?? "")) ? yes : no;
    })
    .replace(/\{\{([.\w]+)\}\}/g, (...[, path]: string[]) => written(at(data, path ?? "")));
}

function at(data: unknown, path: string): unknown {
  return path
    .split(".")
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], data);
}

function written(value: unknown): string {
  if (value === undefined) return "<no value>";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isTrue(value: unknown): boolean {
  return value !== undefined && value !== "" && value !== false && value !== 0;
}
