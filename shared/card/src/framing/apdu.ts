/** A command APDU taken apart: short lengths only. */
export interface Apdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** Bytes wanted, 256 for Le 00; undefined where no Le was sent. */
  readonly le: number | undefined;
}

/** Takes a short APDU apart, or gives undefined where its lengths do not agree. */
export function parseApdu(bytes: Uint8Array): Apdu | undefined {
  const [cla, ins, p1, p2, p3] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const head = { cla, ins, p1, p2 };
  if (p3 === undefined) return { ...head, data: new Uint8Array(), le: undefined };
  if (bytes.length === 5) return { ...head, data: new Uint8Array(), le: p3 === 0 ? 256 : p3 };
  if (p3 === 0) return undefined;
  const data = bytes.slice(5, 5 + p3);
  if (data.length !== p3) return undefined;
  const le = bytes[5 + p3];
  if (bytes.length > 6 + p3) return undefined;
  return { ...head, data, le: le === 0 ? 256 : le };
}
