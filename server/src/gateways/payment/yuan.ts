/** Fen of a text in yuan, exactly; undefined where it is no amount or has parts of a fen. */
export function fenOfYuan(text: string): number | undefined {
  return shifted(text, 2);
}

/** Thousandths of a fen of a text in yuan, exactly; undefined where it is no amount or finer than that. */
export function milliFenOfYuan(text: string): number | undefined {
  return shifted(text, 5);
}

/** Fen as yuan with two places, for channels that count so. */
export function yuanOfFen(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Moves the point on the text: a floating-point number never holds the yuan. */
function shifted(text: string, places: number): number | undefined {
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,8}))?$/u.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (/[1-9]/u.test(fraction.slice(places))) return undefined;
  const value = Number(whole + fraction.slice(0, places).padEnd(places, '0'));
  if (!Number.isSafeInteger(value)) return undefined;
  return sign === '-' && value !== 0 ? -value : value;
}
