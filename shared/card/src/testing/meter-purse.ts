/** Amount 4, count 4; on memory chips a MAC of 4 follows. */
export const PURSE_LENGTH = 8;

export interface Purse {
  readonly amountFen: number;
  readonly count: number;
}

/** Amount in fen, then count, four bytes each, big-endian: 00002710 is ¥100.00. Without a memory card's MAC. */
export function encodePurse(purse: Purse): Uint8Array {
  const bytes = new Uint8Array(PURSE_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, purse.amountFen);
  view.setUint32(4, purse.count);
  return bytes;
}

/** Any 8 bytes are a purse; only a memory card's MAC or a CPU card's access rules say that they are right. */
export function decodePurse(bytes: Uint8Array): Purse {
  if (bytes.length < PURSE_LENGTH)
    throw new RangeError(`a purse has ${PURSE_LENGTH} bytes, not ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, PURSE_LENGTH);
  return { amountFen: view.getUint32(0), count: view.getUint32(4) };
}
