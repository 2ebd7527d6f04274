/** ms spent in SM2, SM3 and SM4 during one call. */
export interface CryptoTime {
  ms: number;
}

/** Does a piece of cryptography on the account of a call. */
export function timed<T>(spent: CryptoTime, work: () => T): T {
  const start = performance.now();
  try {
    return work();
  } finally {
    spent.ms += performance.now() - start;
  }
}
