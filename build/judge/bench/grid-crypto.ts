import {
  createCipheriv,
  createECDH,
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { sm3, sm4Encrypt } from '../../../server/src/gateways/grid/wire/sm.ts';
import { generateSm2Keys, sm2Private, sm2Public } from '../../../server/src/gateways/grid/wire/sm2.ts';
import { percentile } from './percentile.ts';

/** How long one algorithm is measured. */
const RUN_MS = 500;
const WARM_UP_MS = 200;
/** What is hashed and encrypted; SM2 encrypts a session's secret. */
const BLOCK_BYTES = 1024;
const SECRET_BYTES = 32;

/** One algorithm as the gateway uses it, and what this machine's OpenSSL does with its international counterpart. */
export interface GridCryptoRow {
  readonly bench: 'grid';
  readonly operation: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly cryptoMs: number;
  readonly perSecond: number;
  readonly native: string;
  readonly nativePerSecond: number;
  /** `perSecond` over `nativePerSecond`. */
  readonly ratioToNative: number;
}

interface Pair {
  readonly operation: string;
  readonly run: () => unknown;
  readonly native: string;
  readonly runNative: () => unknown;
}

/** SM2, SM3 and SM4 beside ECDSA, ECDH, SHA-256 and AES on the same core, one after the other. */
export function benchGridCrypto(report: (line: string) => void): GridCryptoRow[] {
  return pairs().map(({ operation, run, native, runNative }) => {
    const times = timesOf(run);
    const perSecond = ratePerSecond(times);
    const nativePerSecond = ratePerSecond(timesOf(runNative));
    report(`${operation}: ${perSecond}/s, ${native} ${nativePerSecond}/s`);
    const p50Ms = fine(percentile(times, 0.5));
    return {
      bench: 'grid',
      operation,
      p50Ms,
      p95Ms: fine(percentile(times, 0.95)),
      cryptoMs: p50Ms,
      perSecond,
      native,
      nativePerSecond,
      ratioToNative: Number((perSecond / nativePerSecond).toPrecision(2)),
    };
  });
}

function pairs(): Pair[] {
  const block = randomBytes(BLOCK_BYTES);
  const secret = randomBytes(SECRET_BYTES);
  const [key, iv] = [randomBytes(16), randomBytes(16)];
  const keys = generateSm2Keys();
  const [mine, theirs] = [sm2Private(keys.privateKey), sm2Public(keys.publicKey)];
  const signature = mine.sign(block);
  const wrapped = theirs.wrap(secret);
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecSignature = sign('sha256', block, ec.privateKey);
  const [ours, other] = [createECDH('prime256v1'), createECDH('prime256v1')];
  ours.generateKeys();
  const point = other.generateKeys();
  const agree = { native: 'ECDH P-256', runNative: () => ours.computeSecret(point) };
  const ecdsa = (what: 'sign' | 'verify'): string => `ECDSA P-256 ${what}`;
  return [
    {
      operation: 'SM2 sign',
      run: () => mine.sign(block),
      native: ecdsa('sign'),
      runNative: () => sign('sha256', block, ec.privateKey),
    },
    {
      operation: 'SM2 verify',
      run: () => theirs.verify(block, signature),
      native: ecdsa('verify'),
      runNative: () => verify('sha256', block, ec.publicKey, ecSignature),
    },
    { operation: 'SM2 encrypt', run: () => theirs.wrap(secret), ...agree },
    { operation: 'SM2 decrypt', run: () => mine.unwrap(wrapped), ...agree },
    {
      operation: 'SM3 of 1 KiB',
      run: () => sm3(block),
      native: 'SHA-256 of 1 KiB',
      runNative: () => createHash('sha256').update(block).digest(),
    },
    {
      operation: 'SM4-CBC of 1 KiB',
      run: () => sm4Encrypt(key, iv, block),
      native: 'AES-128-CBC of 1 KiB',
      runNative: () => {
        const cipher = createCipheriv('aes-128-cbc', key, iv);
        return Buffer.concat([cipher.update(block), cipher.final()]);
      },
    },
  ];
}

/** What each call took, ms, over `RUN_MS` after a warm-up. */
function timesOf(run: () => unknown): number[] {
  const times: number[] = [];
  const warm = performance.now() + WARM_UP_MS;
  while (performance.now() < warm) run();
  const until = performance.now() + RUN_MS;
  for (let from = performance.now(); from < until; from = performance.now()) {
    run();
    times.push(performance.now() - from);
  }
  return times;
}

/** By the median, so that what else the machine did in between counts less. */
function ratePerSecond(times: readonly number[]): number {
  return Math.round(1000 / percentile(times, 0.5));
}

function fine(ms: number): number {
  return Number(ms.toFixed(4));
}
