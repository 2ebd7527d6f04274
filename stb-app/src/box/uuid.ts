/** A random UUID (RFC 9562 §5.4) out of sixteen random bytes. */
export function uuidOf(random: Uint8Array): string {
  const hex: string[] = [];
  for (let at = 0; at < 16; at++) {
    let byte = random[at] ?? 0;
    if (at === 6) byte = (byte & 0x0f) | 0x40;
    if (at === 8) byte = (byte & 0x3f) | 0x80;
    hex.push((byte + 0x100).toString(16).slice(1));
    if (at === 3 || at === 5 || at === 7 || at === 9) hex.push('-');
  }
  return hex.join('');
}
