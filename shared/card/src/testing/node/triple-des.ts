import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { BlockCipher8 } from '../cos-crypto.ts';

/** Two-key triple DES over OpenSSL, for the sandbox's cards, encryptor and meters. Keys never appear in errors. */
export const tripleDes: BlockCipher8 = {
  encrypt(key, block) {
    const cipher = createCipheriv('des-ede3', expand(key), null).setAutoPadding(false);
    return new Uint8Array(cipher.update(oneBlock(block)));
  },
  decrypt(key, block) {
    const cipher = createDecipheriv('des-ede3', expand(key), null).setAutoPadding(false);
    return new Uint8Array(cipher.update(oneBlock(block)));
  },
};

/** K1 ‖ K2 → K1 ‖ K2 ‖ K1: OpenSSL's `des-ede` with two keys is not offered by every build, `des-ede3` is. */
function expand(key: Uint8Array): Uint8Array {
  if (key.length !== 16) throw new RangeError(`a two-key triple DES key has 16 bytes, not ${key.length}`);
  const expanded = new Uint8Array(24);
  expanded.set(key);
  expanded.set(key.subarray(0, 8), 16);
  return expanded;
}

function oneBlock(block: Uint8Array): Uint8Array {
  if (block.length !== 8) throw new RangeError(`a triple DES block has 8 bytes, not ${block.length}`);
  return block;
}
