import { decode, encode } from 'iconv-lite';
import { malformed } from './malformed.ts';

/** The bytes of a text in GBK. `wire.malformed` for a character that GBK has not, such as a Uyghur letter. */
export function gbkEncode(text: string, field: string): Uint8Array {
  if (!isGbk(text)) throw malformed(field, 'has a character that GBK has not');
  return encode(text, 'gbk');
}

/** The text of GBK bytes. `wire.malformed` for half a character, or bytes that are none. */
export function gbkDecode(bytes: Uint8Array, field: string): string {
  const text = decode(bytes, 'gbk');
  if (!isGbk(text) || !encode(text, 'gbk').equals(bytes)) throw malformed(field, 'is not GBK');
  return text;
}

/** What of a text goes into `width` bytes: whole characters only, `?` for one that GBK has not. */
export function gbkFit(text: string, width: number): string {
  let fitted = '';
  let left = width;
  for (const each of text) {
    const character = isGbk(each) ? each : '?';
    left -= encode(character, 'gbk').length;
    if (left < 0) break;
    fitted += character;
  }
  return fitted.trimEnd();
}

/** Code page 936 has one byte, 80, for the euro sign: GBK proper has none, and other makes of it read it differently. */
function isGbk(text: string): boolean {
  return !/[\p{Cc}€]/u.test(text) && decode(encode(text, 'gbk'), 'gbk') === text;
}
