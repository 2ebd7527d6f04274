const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 §4, with padding: android.util.Base64.NO_WRAP. Written out: nothing but the language is relied on. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    text += digit(a >> 2) + digit(((a & 0x03) << 4) | ((b ?? 0) >> 4));
    text += b === undefined ? '=' : digit(((b & 0x0f) << 2) | ((c ?? 0) >> 6));
    text += c === undefined ? '=' : digit(c & 0x3f);
  }
  return text;
}

/** Undefined for text that is not base64 with padding. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.length - text.replace(/=+$/, '').length;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < text.length; at += 4) {
    let word = 0;
    for (let i = 0; i < 4; i++) word = (word << 6) | Math.max(DIGITS.indexOf(text.charAt(at + i)), 0);
    for (let shift = 16; shift >= 0 && to < bytes.length; shift -= 8) bytes[to++] = (word >> shift) & 0xff;
  }
  return bytes;
}

function digit(value: number): string {
  return DIGITS.charAt(value);
}
