/** A price of energy: thousandths of a fen a kWh, so that 0.5123 yuan is 51,230. */
type MilliFen = number;

interface Tier {
  readonly name: string;
  /** Up to this much in a period, Wh; null: without end. Tiers rise, and the last one has no end. */
  readonly uptoWh: number | null;
  readonly priceMilliFen: MilliFen;
}

interface Band {
  readonly name: string;
  /** Beijing hour from which it holds, 0 to 23; bands rise, and before the first one the last one holds. */
  readonly fromHour: number;
  readonly priceMilliFen: MilliFen;
}

/** What a household pays. Data: no province's prices are written into code, and these are invented. */
export type Tariff =
  | { readonly kind: 'flat'; readonly name: string; readonly priceMilliFen: MilliFen }
  | {
      readonly kind: 'tiered';
      readonly name: string;
      readonly period: 'month' | 'year';
      /** 结算日: the day on which a period begins, `DD` for months and `MM-DD` for years, at 00:00 in Beijing. */
      readonly settlement: string;
      readonly tiers: readonly Tier[];
    }
  | { readonly kind: 'time-of-use'; readonly name: string; readonly bands: readonly Band[] };

/** Name of the settlement period that a moment lies in; tariffs without periods have one for ever. */
export function periodOf(tariff: Tariff, at: number): string {
  if (tariff.kind !== 'tiered') return '';
  const day = beijing(at).slice(0, 10);
  const [year = 0, month = 0] = day.split('-').map(Number);
  if (tariff.period === 'year') return String(day.slice(5) >= tariff.settlement ? year : year - 1);
  if (day.slice(8) >= tariff.settlement) return day.slice(0, 7);
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}

/** One price for one piece of energy, in the order in which a household uses it. */
export interface Piece {
  readonly name: string;
  readonly priceMilliFen: MilliFen;
  readonly energyWh: number;
}

/** Energy used from `usedWh` on, cut where its price changes. For one hour at most where prices go by the hour. */
export function piecesOf(tariff: Tariff, use: { usedWh: number; energyWh: number; at: number }): Piece[] {
  switch (tariff.kind) {
    case 'flat':
      return [{ name: tariff.name, priceMilliFen: tariff.priceMilliFen, energyWh: use.energyWh }];
    case 'time-of-use':
      return [{ ...bandAt(tariff.bands, use.at), energyWh: use.energyWh }];
    case 'tiered':
      return tiersFrom(tariff.tiers, use.usedWh)
        .reduce<{ left: number; pieces: Piece[] }>(
          ({ left, pieces }, { tier, roomWh }) => {
            const energyWh = Math.min(left, roomWh);
            const { name, priceMilliFen } = tier;
            return { left: left - energyWh, pieces: [...pieces, { name, priceMilliFen, energyWh }] };
          },
          { left: use.energyWh, pieces: [] },
        )
        .pieces.filter(({ energyWh }) => energyWh > 0);
  }
}

/** What an amount buys from `usedWh` on, whole Wh, rounded down; null where that depends on when it is used. */
export function energyFor(tariff: Tariff, use: { usedWh: number; fen: number }): Piece[] | null {
  if (tariff.kind === 'time-of-use') return null;
  const rooms =
    tariff.kind === 'flat'
      ? [
          {
            tier: { name: tariff.name, priceMilliFen: tariff.priceMilliFen },
            roomWh: Number.POSITIVE_INFINITY,
          },
        ]
      : tiersFrom(tariff.tiers, use.usedWh);
  let left = use.fen * MICRO;
  const pieces: Piece[] = [];
  for (const { tier, roomWh } of rooms) {
    const { name, priceMilliFen } = tier;
    const energyWh = Math.min(roomWh, Math.floor(left / priceMilliFen));
    if (energyWh > 0) pieces.push({ name, priceMilliFen, energyWh });
    left -= energyWh * priceMilliFen;
    if (energyWh < roomWh) break;
  }
  return pieces;
}

/** Millionths of a fen: what a Wh costs times a price in thousandths of a fen a kWh. */
export const MICRO = 1_000_000;

/** What pieces cost, millionths of a fen. */
export function costMicroFen(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { priceMilliFen, energyWh }) => sum + priceMilliFen * energyWh, 0);
}

/** The same tariff with every price cut by so many thousandths. */
export function discounted(tariff: Tariff, perMille: number): Tariff {
  const cut = <T extends { readonly priceMilliFen: MilliFen }>(priced: T): T => ({
    ...priced,
    priceMilliFen: Math.round((priced.priceMilliFen * (1000 - perMille)) / 1000),
  });
  switch (tariff.kind) {
    case 'flat':
      return cut(tariff);
    case 'tiered':
      return { ...tariff, tiers: tariff.tiers.map(cut) };
    case 'time-of-use':
      return { ...tariff, bands: tariff.bands.map(cut) };
  }
}

/** ISO 8601 without zone, in the time that all meters keep. */
export function beijing(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString();
}

function bandAt(bands: readonly Band[], at: number): Band {
  const hour = Number(beijing(at).slice(11, 13));
  const band = bands.findLast(({ fromHour }) => fromHour <= hour) ?? bands.at(-1);
  if (band === undefined) throw new RangeError('a tariff without bands');
  return band;
}

function tiersFrom(tiers: readonly Tier[], usedWh: number): { tier: Tier; roomWh: number }[] {
  let from = usedWh;
  const rooms: { tier: Tier; roomWh: number }[] = [];
  for (const tier of tiers) {
    const end = tier.uptoWh ?? Number.POSITIVE_INFINITY;
    if (end <= from) continue;
    rooms.push({ tier, roomWh: end - from });
    from = end;
  }
  return rooms;
}
