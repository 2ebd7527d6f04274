/** Fen as yuan with two decimals, `-3.05`; whole yuan only where `short` is asked and true of the amount. */
export function yuan(fen: number, style: 'always-cents' | 'short' = 'always-cents'): string {
  const sign = fen < 0 ? '-' : '';
  const abs = Math.abs(fen);
  // Phones of 2016 have no padStart.
  const cents = `0${abs % 100}`.slice(-2);
  const whole = String(Math.trunc(abs / 100));
  return style === 'short' && cents === '00' ? sign + whole : `${sign}${whole}.${cents}`;
}
