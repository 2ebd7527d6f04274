import { fromBase64, toBase64 } from '@bianmin/purchase/android/base64';

/** UTF-8 of a text. Written out: `TextEncoder` is younger than the oldest WebViews. */
export function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at++) {
    if (escaped.charAt(at) === '%') {
      bytes.push(parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      bytes.push(escaped.charCodeAt(at));
    }
  }
  return new Uint8Array(bytes);
}

/** RFC 4648 §5 without padding, as JOSE writes it. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Base64 with padding, as the shell writes it, in JOSE's form; undefined for text that is none. */
export function base64UrlOf(base64: string): string | undefined {
  const bytes = fromBase64(base64);
  return bytes === undefined ? undefined : toBase64Url(bytes);
}
