import type { FC } from "hono/jsx";

import { COUNTED, type Counted, type Counts, type SideCounts, type Told } from "../../model";
import { sentence, type PageFormat } from "../format";
import { AsOf, commonMoment, Panel, ToldNumber } from "./parts";

/** How many orders, products and customers each side has now. */
export const Coverage: FC<{ counts: Counts; format: PageFormat }> = ({ counts, format }) => {
  const moments = COUNTED.map((what) => olderOf(counts[what]));
  const common = commonMoment(moments, format);
  return (
    <Panel id="coverage" title={format.t("coverage.title")}>
      <div data-swap="coverage">
        <div class="cards">
          {COUNTED.map((what) => (
            <Card what={what} sides={counts[what]} dated={common === undefined} format={format} />
          ))}
        </div>
        {common === undefined ? null : <AsOf at={common} format={format} />}
      </div>
    </Panel>
  );
};

interface CardProps {
  readonly what: Counted;
  readonly sides: SideCounts;
  /** Whether it says for itself how old it is. */
  readonly dated: boolean;
  readonly format: PageFormat;
}

const Card: FC<CardProps> = ({ what, sides, dated, format }) => (
  <article class="card" aria-labelledby={`count-${what}`}>
    <h3 id={`count-${what}`}>{format.t(`coverage.${what}`)}</h3>
    <Share sides={sides} format={format} />
    <dl class="pairs">
      <dt>Shopify</dt>
      <dd>
        <ToldNumber told={sides.shopify} format={format} />
      </dd>
      <dt>ERPNext</dt>
      <dd>
        <ToldNumber told={sides.erpnext} format={format} />
      </dd>
      <dt>{format.t("coverage.difference")}</dt>
      <dd>
        <Difference sides={sides} format={format} />
      </dd>
    </dl>
    <Whys sides={sides} format={format} />
    {dated ? <AsOf at={olderOf(sides)} format={format} /> : null}
  </article>
);

const Share: FC<{ sides: SideCounts; format: PageFormat }> = ({ sides: { shopify, erpnext }, format }) => {
  if (!shopify.known || !erpnext.known) return <p class="share unknown">{format.t("unknown")}</p>;
  if (shopify.value === 0) {
    const none = erpnext.value === 0 ? "coverage.noneYet" : "coverage.noneInShopify";
    return <p class="share share-none">{format.t(none)}</p>;
  }
  return (
    <>
      <p class="share">
        {format.share(erpnext.value, shopify.value)} <span class="share-of">{format.t("coverage.inErpnext")}</span>
      </p>
      <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect class="meter-track" width="100" height="4" />
        <rect class="meter-fill" width={String(filled(erpnext.value, shopify.value))} height="4" />
      </svg>
    </>
  );
};

/** Of 100, never full and never empty unless it is. */
function filled(part: number, whole: number): number {
  if (part >= whole) return 100;
  return part === 0 ? 0 : Math.min(98, Math.max(2, Math.floor((100 * part) / whole)));
}

const Difference: FC<{ sides: SideCounts; format: PageFormat }> = ({ sides: { shopify, erpnext }, format }) => {
  if (!shopify.known || !erpnext.known) return <span class="unknown">{format.t("unknown")}</span>;
  const more = erpnext.value - shopify.value;
  if (more === 0) return <span class="figure">{format.t("coverage.none")}</span>;
  return (
    <span class="figure">
      {format.t(more < 0 ? "coverage.fewer" : "coverage.more", { count: format.number(Math.abs(more)) })}
      <span class="spoken"> {format.t("coverage.inErpnext")}</span>
    </span>
  );
};

const Whys: FC<{ sides: SideCounts; format: PageFormat }> = ({ sides, format }) => {
  const whys = [why("Shopify", sides.shopify, format), why("ERPNext", sides.erpnext, format)].filter(
    (text) => text !== undefined,
  );
  return (
    <>
      {whys.map((text) => (
        <p class="why">{text}</p>
      ))}
    </>
  );
};

function why(side: string, told: Told<number>, format: PageFormat): string | undefined {
  return told.known ? undefined : sentence(format.t("coverage.sideUnknown", { side, why: told.why }));
}

/** A pair of figures is as old as the older of the two. */
function olderOf({ shopify, erpnext }: SideCounts): string {
  return Date.parse(shopify.asOf) <= Date.parse(erpnext.asOf) ? shopify.asOf : erpnext.asOf;
}
