export function frame(bytes: Uint8Array, command: number): Uint8Array {
  const length = bytes.length - 6;
  bytes.set([0x68, command, length >> 8, length & 0xff]);
  bytes[bytes.length - 2] = sum(bytes);
  bytes[bytes.length - 1] = 0x16;
  return bytes;
}

export function framed(bytes: Uint8Array, command: number, total: number): boolean {
  const length = total - 6;
  return (
    bytes.length === total &&
    bytes[0] === 0x68 &&
    bytes[1] === command &&
    bytes[2] === length >> 8 &&
    bytes[3] === (length & 0xff) &&
    bytes[total - 2] === sum(bytes) &&
    bytes[total - 1] === 0x16
  );
}

/** Eight-bit sum from the command byte to the last byte before the sum. */
function sum(bytes: Uint8Array): number {
  return bytes.subarray(1, bytes.length - 2).reduce((total, byte) => (total + byte) & 0xff, 0);
}
