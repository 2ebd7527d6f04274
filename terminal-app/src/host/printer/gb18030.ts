import iconv from 'iconv-lite';

/** What a Chinese printer's own font has at all: GB 2312's and ASCII's part of GB 18030, one or two bytes a character. */
const UNPRINTABLE = '?';

/** As the printer takes it in Chinese mode: one byte and half a character wide, or two bytes and a whole one. */
export function toGb18030(text: string): Uint8Array {
  const chars = [...text].map((char) => {
    const bytes = iconv.encode(char, 'gb18030');
    // Four-byte characters are in no printer's font, and control characters are commands.
    const fits = bytes.length <= 2 && (bytes.length === 2 || (bytes[0] ?? 0) >= 0x20);
    return fits ? bytes : iconv.encode(UNPRINTABLE, 'gb18030');
  });
  return Uint8Array.from(chars.flatMap((bytes) => [...bytes]));
}

/** How wide a line is: in halves of a Chinese character, 12 dots each at the usual size. */
export function columnsOf(text: string): number {
  return toGb18030(text).length;
}

/** Lines of at most `columns`: a Chinese text breaks anywhere but before a stop, a word of letters and digits only where it must. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(/[\x21-\x7e]+|./gsu) ?? []) {
    if (columnsOf(line + piece) <= columns) {
      line += piece;
      continue;
    }
    if (columnsOf(piece) > columns) {
      for (const char of piece) {
        if (columnsOf(line + char) > columns) {
          lines.push(line);
          line = '';
        }
        line += char;
      }
      continue;
    }
    // A stop hangs on to the character before it.
    const carried = /^[，。、：；！？）]/u.test(piece) ? ([...line].at(-1) ?? '') : '';
    lines.push(line.slice(0, line.length - carried.length).trimEnd());
    line = (carried + piece).trimStart();
  }
  return [...lines, line].filter((each) => each !== '');
}
