import type { Child, FC } from "hono/jsx";

import type { HealthState, Told } from "../../model";
import type { PageFormat } from "../format";

/** A time as the company writes it, and as machines read it. */
export const Moment: FC<{ at: string; format: PageFormat }> = ({ at, format }) => (
  <time datetime={at}>{format.moment(at)}</time>
);

/** How old figures are. */
export const AsOf: FC<{ at: string; format: PageFormat }> = ({ at, format }) => (
  <p class="as-of">{format.pieces("asOf", { at: <Moment at={at} format={format} /> })}</p>
);

/** The moment that all figures are of, if they are of one: it is then written once. */
export function commonMoment(moments: readonly string[], format: PageFormat): string | undefined {
  const [first] = moments;
  const one = first !== undefined && moments.every((moment) => format.moment(moment) === format.moment(first));
  return one ? first : undefined;
}

/** Told apart by shape, so that colour is never the only sign: tick, triangle, cross, question mark. */
const SHAPES: Readonly<Record<HealthState, Child>> = {
  good: (
    <>
      <circle cx="10" cy="10" r="9" class="mark-fill" />
      <path d="M6 10.4l2.7 2.7L14 7.6" class="mark-line" />
    </>
  ),
  warning: (
    <>
      <path d="M10 1.6l9 16.4H1z" class="mark-fill" />
      <path d="M10 7.4v5M10 14.9v.2" class="mark-line" />
    </>
  ),
  bad: (
    <>
      <path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z" class="mark-fill" />
      <path d="M6.8 6.8l6.4 6.4m0-6.4l-6.4 6.4" class="mark-line" />
    </>
  ),
  unknown: (
    <>
      <circle cx="10" cy="10" r="8.2" class="mark-ring" />
      <path d="M7.6 7.9a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.2.9-1.2 1.8M10 14.4v.2" class="mark-dark-line" />
    </>
  ),
};

/** The sign of a state. The state's word stands beside it, or is read aloud in the language of `spoken`. */
export const Mark: FC<{ state: HealthState; spoken?: PageFormat }> = ({ state, spoken }) => (
  <>
    <svg class={`mark mark-${state}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {SHAPES[state]}
    </svg>
    {spoken === undefined ? null : <span class="spoken">{spoken.t(`state.${state}`)}: </span>}
  </>
);

/** A figure, or the word that there is none and why: never a made-up zero. */
export const ToldNumber: FC<{ told: Told<number>; format: PageFormat }> = ({ told, format }) =>
  told.known ? (
    <span class="figure">{format.number(told.value)}</span>
  ) : (
    <span class="unknown">{format.t("unknown")}</span>
  );

/** What has to be read before the figures below it. */
export const Notice: FC<{ state: HealthState; format: PageFormat; children: Child }> = ({
  state,
  format,
  children,
}) => (
  <div class={`notice notice-${state}`}>
    <Mark state={state} spoken={format} />
    <p>{children}</p>
  </div>
);

/** The frame of a panel: a landmark with its heading. `id` is where links lead to, and what the script swaps. */
export const Panel: FC<{ id: string; title: string; children: Child; aside?: Child }> = (panel) => (
  <section class="panel" id={panel.id} aria-labelledby={`${panel.id}-title`} tabindex={-1}>
    <header class="panel-head">
      <h2 id={`${panel.id}-title`}>{panel.title}</h2>
      {panel.aside ?? null}
    </header>
    {panel.children}
  </section>
);
