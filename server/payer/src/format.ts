/** Fen as yuan: `-3.05`, and `50` where `short` is asked and there are no cents. */
export function yuan(fen: number, short = false): string {
  const abs = Math.abs(fen);
  const cents = `0${abs % 100}`.slice(-2);
  const whole = `${fen < 0 ? '-' : ''}${Math.floor(abs / 100)}`;
  return short && cents === '00' ? whole : `${whole}.${cents}`;
}

/** `2026-01-15 10:05` in China's time, whatever the phone's. */
export function chinaTime(iso: string): string {
  return new Date(Date.parse(iso) + 8 * 3600000).toISOString().slice(0, 16).replace('T', ' ');
}

/** An order number in groups that can be read aloud. */
export function grouped(digits: string): string {
  return digits.replace(/(\d{6})(?=\d)/g, '$1 ');
}

/** The digits of what the payer typed, whatever stands between them; full-width ones too. */
export function digitsOf(typed: string): string {
  return typed
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/\D/g, '');
}
