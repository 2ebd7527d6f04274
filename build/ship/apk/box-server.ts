import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { systemClock } from '@bianmin/card/node/system-clock';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { TimeSigner } from '../../../server/src/fleet/terminals/signed-time.ts';
import { createApp } from '../../../server/src/web/app.ts';
import { boxRoutes } from '../../../server/src/fleet/releases/box-routes.ts';
import { releaseRootRoutes } from '../../../server/src/fleet/releases/root-routes.ts';
import { terminalReleaseRoutes } from '../../../server/src/fleet/releases/terminal-routes.ts';
import type { BoxPackage } from '../../../server/src/fleet/releases/box-packages.ts';
import type { ReleaseServices } from '../../../server/src/wiring/releases.ts';
import { createMetrics } from '../../../server/src/adapters/metrics/metrics.ts';
import { serve } from '../../../server/src/testing/app.ts';
import { testConfig } from '../../../server/src/testing/config.ts';
import { memoryLimiter } from '../../../server/src/testing/memory-limiter.ts';
import { fleetInMemory } from './fleet-in-memory.ts';

/** The certificate that `RealServerTest.java` signs with, as far as Robolectric looks. */
const SIGNER = Buffer.from('30820102', 'hex');

/** What the shell's tests ask of a real server: the time, a release, and what a terminal in the fleet asks. */
export interface BoxServer {
  readonly url: string;
  /** SubjectPublicKeyInfo of the key that signs the time, base64. */
  readonly timeKey: string;
  /** The root that the release is signed under, base64. */
  readonly releaseRoot: string;
  close(): Promise<void>;
}

/** Offers this package to every box that proves which it is; whom rollouts mean is the server's own tests' matter. */
function offeredToAll({ folder, manifest, ...box }: BoxPackage): ReleaseServices {
  const files = [{ name: box.file, sha256: box.sha256 }];
  const services = {
    offers: {
      ask: () =>
        Promise.resolve({
          ...{ version: box.versionName, path: `/updates/${'t_-'.repeat(9)}/`, manifest, box },
        }),
    },
    tickets: { open: () => ({ releaseId: '', community: '' }) },
    releases: { servable: () => Promise.resolve({ manifest: { files } }), folderOf: () => folder },
    pace: { admit: () => Promise.resolve(), take: () => Promise.resolve() },
  };
  return services as unknown as ReleaseServices;
}

/** The server's own routes for boxes, over a folder with a release of random bytes. */
export async function startBoxServer(): Promise<BoxServer> {
  const folder = await mkdtemp(join(tmpdir(), 'box-release-'));
  const bytes = randomBytes(500_000);
  const sha256 = (of: Buffer): string => createHash('sha256').update(of).digest('hex');
  const name = 'bianmin-box-0.7.0.apk';
  const box = { versionCode: 7000, signerSha256: sha256(SIGNER) };
  const file = { name, bytes: bytes.length, sha256: sha256(bytes) };
  const sha512 = createHash('sha512').update(bytes).digest('base64');
  const signers = new ReleaseSigners(Date.now());
  const made: BoxPackage = {
    ...{ folder, versionName: '0.7.0', file: name, sha256: file.sha256, bytes: file.bytes, ...box },
    manifest: signers.sign({ kind: 'box', version: '0.7.0', notes: '', box, files: [{ ...file, sha512 }] }),
  };
  await writeFile(join(folder, made.file), bytes);
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signKey = key.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  const log = pino({ level: 'silent' });
  const nobody = (): Promise<never> => Promise.reject(new Error('Nobody is.'));
  const fleet = fleetInMemory();
  const app = await serve(
    createApp({
      deps: { log, config: testConfig() },
      routes: [
        ...boxRoutes({
          time: new TimeSigner(signKey, systemClock),
          packages: { current: () => Promise.resolve(made) },
        }),
        ...fleet.routes,
        ...terminalReleaseRoutes(offeredToAll(made)),
        ...releaseRootRoutes({ documents: [signers.document] }),
      ],
      authenticators: { terminal: fleet.authenticate, admin: nobody },
      limiter: memoryLimiter(systemClock),
      metrics: createMetrics({ defaults: false }),
    }),
  );
  return {
    url: app.url,
    releaseRoot: Buffer.from(signers.document).toString('base64'),
    timeKey: key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    async close() {
      await app.close();
      await rm(folder, { recursive: true });
    },
  };
}
