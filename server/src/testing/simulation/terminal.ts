import { createDecipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hash } from 'node:crypto';
import { writePlanSchema, type WritePlan } from '@bianmin/card/meter-card/plan';
import { ecPublicJwk } from '@bianmin/purchase/api/terminal';
import type { SealedPlan } from '@bianmin/purchase/api/order';
import type { WritingTerminal } from '../../orders/desk/card-writes.ts';
import type { OrderingTerminal } from '../../orders/desk/order-maker.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';

/** A kiosk with a sealing key of its own. */
export interface SimulatedTerminal extends WritingTerminal, OrderingTerminal {
  /** On the spot: what the runtime hands to another thread comes back in an order that no seed fixes. */
  open(sealed: SealedPlan): WritePlan;
}

/** A256GCM of ECDH-ES (RFC 7518 §4.6.2): algorithm, two empty names, and the key's length. */
const OTHER_INFO = Buffer.from('000000074132353647434d000000000000000000000100', 'hex');

function simulatedTerminal(terminalId: string): SimulatedTerminal {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  return {
    terminalId,
    orgPath: PROVINCE_PATH,
    sealKey: ecPublicJwk.parse({ kty, crv, x, y }),
    open({ sealed }) {
      const [header = '', , ...parts] = sealed.split('.');
      const [iv, text, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (iv === undefined || text === undefined || tag === undefined)
        throw new Error('This is no sealed plan.');
      const { epk } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as {
        epk: Record<string, string>;
      };
      const secret = diffieHellman({ privateKey, publicKey: createPublicKey({ key: epk, format: 'jwk' }) });
      const key = hash('sha256', Buffer.concat([Buffer.from([0, 0, 0, 1]), secret, OTHER_INFO]), 'buffer');
      const cipher = createDecipheriv('aes-256-gcm', key, iv)
        .setAAD(Buffer.from(header, 'ascii'))
        .setAuthTag(tag);
      const clear = Buffer.concat([cipher.update(text), cipher.final()]).toString('utf8');
      return writePlanSchema.parse(JSON.parse(clear));
    },
  };
}

/** Made once: what their keys are decides nothing. */
export const TERMINALS: readonly SimulatedTerminal[] = ['kiosk-a', 'kiosk-b'].map(simulatedTerminal);
