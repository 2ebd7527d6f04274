/** One thing that a printer does. */
export type Op =
  | { readonly do: 'text'; readonly bytes: Uint8Array }
  | { readonly do: 'line' }
  | { readonly do: 'reset' }
  | { readonly do: 'align'; readonly to: number }
  | { readonly do: 'bold'; readonly on: boolean }
  | { readonly do: 'size'; readonly wide: number; readonly high: number }
  | { readonly do: 'chinese'; readonly on: boolean }
  | { readonly do: 'feed'; readonly lines: number }
  | { readonly do: 'raster'; readonly width: number; readonly height: number; readonly rows: Uint8Array }
  | { readonly do: 'qr-module'; readonly dots: number }
  | { readonly do: 'qr-data'; readonly text: string }
  | { readonly do: 'qr-print' }
  | { readonly do: 'cut' }
  | { readonly do: 'tell-paper' }
  | { readonly do: 'nothing' };

const [LF, CR, DLE, ESC, FS, GS] = [0x0a, 0x0d, 0x10, 0x1b, 0x1c, 0x1d];

/**
 * The first command of `bytes`, and how long it is; undefined while it is not all there. Throws on what is no command of
 * ours, so that a byte too many does not print as rubbish unseen. Epson's ESC/POS reference names each.
 */
export function nextOp(bytes: Uint8Array): { op: Op; length: number } | undefined {
  const [first, second, third] = bytes;
  if (first === undefined) return undefined;
  if (first === LF) return { op: { do: 'line' }, length: 1 };
  if (first === CR) return { op: { do: 'nothing' }, length: 1 };
  if (first >= 0x20) {
    const end = bytes.findIndex((byte) => byte < 0x20);
    return {
      op: { do: 'text', bytes: end < 0 ? bytes : bytes.subarray(0, end) },
      length: end < 0 ? bytes.length : end,
    };
  }
  if (second === undefined) return undefined;
  const name = String.fromCharCode(second);
  if (first === FS && name === '&') return { op: { do: 'chinese', on: true }, length: 2 };
  if (first === FS && name === '.') return { op: { do: 'chinese', on: false }, length: 2 };
  if (first === ESC && name === '@') return { op: { do: 'reset' }, length: 2 };
  if (third === undefined) return undefined;
  // Real-time: answered when it came in.
  if (first === DLE && second === 0x04) return { op: { do: 'nothing' }, length: 3 };
  if (first === ESC) return { op: escape(name, third), length: 3 };
  if (first === GS) return group(name, third, bytes);
  throw unknown(first, second);
}

function escape(name: string, n: number): Op {
  if (name === 'a') return { do: 'align', to: n & 3 };
  if (name === 'E') return { do: 'bold', on: (n & 1) === 1 };
  if (name === 'd') return { do: 'feed', lines: n };
  // Font A, and a code page that nothing is printed in.
  if ((name === 'M' && n === 0) || name === 't') return { do: 'nothing' };
  throw unknown(ESC, name.charCodeAt(0));
}

function group(name: string, n: number, bytes: Uint8Array): { op: Op; length: number } | undefined {
  if (name === '!') return { op: { do: 'size', wide: (n >> 4) + 1, high: (n & 15) + 1 }, length: 3 };
  if (name === 'r') return { op: { do: 'tell-paper' }, length: 3 };
  if (name === 'V') return { op: { do: 'cut' }, length: n >= 65 ? 4 : 3 };
  if (name === 'v') return raster(bytes);
  if (name === '(') return qr(bytes);
  throw unknown(GS, name.charCodeAt(0));
}

/** GS v 0 m xL xH yL yH. */
function raster(bytes: Uint8Array): { op: Op; length: number } | undefined {
  const [, , , , xL, xH, yL, yH] = bytes;
  if (xL === undefined || xH === undefined || yL === undefined || yH === undefined) return undefined;
  const [across, height] = [xL + xH * 256, yL + yH * 256];
  const length = 8 + across * height;
  if (bytes.length < length) return undefined;
  return { op: { do: 'raster', width: across * 8, height, rows: bytes.slice(8, length) }, length };
}

/** GS ( k pL pH 49 fn …. */
function qr(bytes: Uint8Array): { op: Op; length: number } | undefined {
  const [, , letter, pL, pH, , fn, first] = bytes;
  if (pL === undefined || pH === undefined) return undefined;
  const length = 5 + pL + pH * 256;
  if (bytes.length < length) return undefined;
  if (letter !== 0x6b) throw unknown(GS, letter ?? 0);
  if (fn === 67) return { op: { do: 'qr-module', dots: first ?? 0 }, length };
  if (fn === 80) {
    return { op: { do: 'qr-data', text: new TextDecoder().decode(bytes.slice(8, length)) }, length };
  }
  if (fn === 81) return { op: { do: 'qr-print' }, length };
  // Model and error correction: drawn as M whatever is asked.
  if (fn === 65 || fn === 69) return { op: { do: 'nothing' }, length };
  throw unknown(GS, fn ?? 0);
}

function unknown(first: number, second: number): Error {
  return new Error(`The virtual printer does not know ${first.toString(16)} ${second.toString(16)}.`);
}
