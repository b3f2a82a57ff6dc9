import type { FC } from "hono/jsx";

import { HEALTH_CHECKS, type HealthCheck, type HealthCheckName } from "../../model";
import type { PageFormat } from "../format";
import { AsOf, commonMoment, Mark, Panel } from "./parts";

/** Always lists all checks in this order; a check that did not run shows as unknown. */
export const Health: FC<{ health: readonly HealthCheck[]; format: PageFormat }> = ({ health, format }) => {
  const moments = health.map(({ asOf }) => asOf);
  const common = commonMoment(moments, format);
  return (
    <Panel id="health" title={format.t("health.title")}>
      <div data-swap="health">
        <ul class="checks">
          {HEALTH_CHECKS.map((name) => (
            <Check
              name={name}
              check={health.find((candidate) => candidate.name === name)}
              dated={common === undefined}
              format={format}
            />
          ))}
        </ul>
        {common === undefined ? null : <AsOf at={common} format={format} />}
      </div>
    </Panel>
  );
};

interface CheckProps {
  readonly name: HealthCheckName;
  readonly check: HealthCheck | undefined;
  /** Whether it says for itself how old it is. */
  readonly dated: boolean;
  readonly format: PageFormat;
}

const Check: FC<CheckProps> = ({ name, check, dated, format }) => {
  const state = check?.state ?? "unknown";
  return (
    <li class="check">
      <Mark state={state} />
      <p class="check-name">{format.t(`health.${name}`)}</p>
      <p class={`check-state state-${state}`}>{format.t(`state.${state}`)}</p>
      {check === undefined || state === "unknown" ? null : (
        <p class="check-value">{format.localTimes(format.write(check.value))}</p>
      )}
      <p class="check-detail">
        {check === undefined ? format.t("health.notChecked") : format.localTimes(format.write(check.detail))}
      </p>
      {check === undefined || !dated ? null : <AsOf at={check.asOf} format={format} />}
    </li>
  );
};
