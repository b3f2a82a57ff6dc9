import type { Command } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that completes `./stack`: its commands, their options, and the slugs of the checkout's customers. */
export function completionScript(shell: Shell, program: Command): string {
  if (shell === "fish") return fishScript(program);
  const preamble = shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  return `${preamble}${bashScript(program)}`;
}

function optionsOf(command: Command): readonly string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), "--help"];
}

/** Slugs are the names of customers/*.yaml beside the `./stack` that is completed, stack configurations left out. */
const BASH_SLUGS = [
  '    for file in "$(dirname "${COMP_WORDS[0]}")"/customers/*.yaml; do',
  '      case "${file##*/}" in Pulumi.* | "*.yaml") ;; *) file=${file##*/}; words="$words ${file%.yaml}" ;; esac',
  "    done",
];

function bashScript(program: Command): string {
  const cases = program.commands.map(
    (command) => `      ${command.name()}) words="${optionsOf(command).join(" ")}" ;;`,
  );
  return [
    "_erpnext_stack() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" words="" file',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    words="${program.commands.map((command) => command.name()).join(" ")} --help"`,
    "  else",
    '    case "${COMP_WORDS[1]}" in',
    ...cases,
    "    esac",
    ...BASH_SLUGS,
    "  fi",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "complete -o default -F _erpnext_stack ./stack stack",
    "",
  ].join("\n");
}

function fishScript(program: Command): string {
  const lines = program.commands.flatMap((command) => {
    const name = command.name();
    const options = command.options.flatMap(({ long, description }) =>
      long === undefined
        ? []
        : [`complete -c stack -n "__fish_seen_subcommand_from ${name}" -l ${long.slice(2)} -d ${quoted(description)}`],
    );
    return [`complete -c stack -n __fish_use_subcommand -f -a ${name} -d ${quoted(command.description())}`, ...options];
  });
  const slugs =
    'complete -c stack -n "not __fish_use_subcommand" -f -a "(basename -s .yaml customers/*.yaml | string match -v \'Pulumi.*\')"';
  return [...lines, slugs, ""].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
