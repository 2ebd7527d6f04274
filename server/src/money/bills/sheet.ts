/** What a cell holds: text, a whole number, or money in fen that is shown in yuan. */
export type CellKind = 'text' | 'count' | 'fen';

export interface Column {
  readonly title: string;
  readonly kind: CellKind;
  /** Of the page's width; all add up to what is there. */
  readonly share: number;
}

/** A bill (账单) before it is a file: both writers make the same of the same. */
export interface Sheet {
  /** File name without its ending. */
  readonly name: string;
  readonly title: string;
  /** What it is about, over the table. */
  readonly facts: readonly (readonly [string, string])[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly totals: readonly (string | number)[];
  /** Stands for the moment of making, so that the same data make the same bytes: the end of what it covers. */
  readonly asOf: Date;
}

/** 1234567 fen as `12,345.67`. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  const whole = digits.slice(0, -2).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
  return `${fen < 0 ? '-' : ''}${whole}.${digits.slice(-2)}`;
}

/** A cell as people read it. */
export function cellText(value: string | number, kind: CellKind): string {
  if (typeof value === 'string') return value;
  return kind === 'fen' ? yuan(value) : String(value);
}
