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
