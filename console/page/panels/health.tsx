import type { FC } from "hono/jsx";

import { HEALTH_CHECKS, type HealthCheck } from "../../model";
import type { Format } from "../format";
import { HEALTH_WORDS, STATE_WORDS } from "../words";
import { Mark, Moment, Panel } from "./parts";

/** The seven checks, always all of them and always in the same sequence: one that nobody made is unknown. */
export const Health: FC<{ health: readonly HealthCheck[]; format: Format }> = ({ health, format }) => (
  <Panel id="health" title="Order-sync health">
    <ul class="checks" data-swap="health">
      {HEALTH_CHECKS.map((name) => {
        const check = health.find((candidate) => candidate.name === name);
        return check === undefined ? (
          <li class="check">
            <Mark state="unknown" />
            <p class="check-name">{HEALTH_WORDS[name]}</p>
            <p class="check-state state-unknown">{STATE_WORDS.unknown}</p>
            <p class="check-detail">It has not been looked at yet.</p>
          </li>
        ) : (
          <Check check={check} format={format} />
        );
      })}
    </ul>
  </Panel>
);

const Check: FC<{ check: HealthCheck; format: Format }> = ({ check, format }) => (
  <li class="check">
    <Mark state={check.state} />
    <p class="check-name">{HEALTH_WORDS[check.name]}</p>
    <p class={`check-state state-${check.state}`}>
      <span class="check-word">{STATE_WORDS[check.state]}</span>
      <span class="check-value">{format.localTimes(check.value)}</span>
    </p>
    <p class="check-detail">
      {format.localTimes(check.detail)}{" "}
      <span class="as-of">
        as of <Moment at={check.asOf} format={format} />
      </span>
    </p>
  </li>
);
