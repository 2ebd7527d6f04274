import { compactDecrypt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { ecPublicJwk } from '@bianmin/purchase/api/terminal';
import { sealText } from './seal-text.ts';

async function pair() {
  const { privateKey, publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { privateKey, publicJwk: ecPublicJwk.parse({ kty, crv, x, y }) };
}

const OPTIONS = { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] };

describe('what is sealed to a terminal', () => {
  it.each(['', 'x', '库尔勒 ✓', 'a'.repeat(10_000)])(
    'is opened by the library that terminals open it with',
    async (clear) => {
      const { privateKey, publicJwk } = await pair();
      const { plaintext } = await compactDecrypt(await sealText(clear, publicJwk), privateKey, OPTIONS);
      expect(new TextDecoder().decode(plaintext)).toBe(clear);
    },
  );

  it('is opened by no other terminal, and not when a part of it was changed', async () => {
    const [one, two] = [await pair(), await pair()];
    const jwe = await sealText('a plan', one.publicJwk);
    await expect(compactDecrypt(jwe, two.privateKey, OPTIONS)).rejects.toThrow();
    const parts = jwe.split('.');
    for (const at of [2, 3, 4]) {
      const changed = parts.map((part, no) =>
        no === at ? `${part[0] === 'A' ? 'B' : 'A'}${part.slice(1)}` : part,
      );
      await expect(compactDecrypt(changed.join('.'), one.privateKey, OPTIONS)).rejects.toThrow();
    }
  });

  it('has another key and another beginning each time', async () => {
    const { publicJwk } = await pair();
    const sealed = await Promise.all(Array.from({ length: 20 }, () => sealText('the same', publicJwk)));
    const keys = sealed.map((jwe) => JSON.stringify(decodeProtectedHeader(jwe)));
    expect(new Set(keys).size).toBe(20);
    expect(new Set(sealed.map((jwe) => jwe.split('.')[2])).size).toBe(20);
  });

  it('is refused for what is no point of the curve', async () => {
    const { publicJwk } = await pair();
    const off = { ...publicJwk, x: publicJwk.y, y: publicJwk.x };
    await expect(sealText('a plan', off)).rejects.toThrow();
  });
});
