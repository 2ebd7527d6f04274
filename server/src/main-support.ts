import { open, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import process from 'node:process';
import type { Connection } from 'mongoose';
import { systemClock } from '@bianmin/card/node/system-clock';
import { codeOf } from '@bianmin/card/errors';
import type { SupportParts } from '@bianmin/purchase/api/support';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { openSupport, packSupport } from '@bianmin/purchase/node/support/archive';
import { findingsOf, sentenceOfFinding } from '@bianmin/purchase/node/support/findings';
import { systemCodeOf } from '@bianmin/purchase/node/support/system';
import { connectDatabase } from './adapters/mongo/connection.ts';
import { loadConfig, queueRedisOf } from './config/config.ts';
import { redisAddress } from './adapters/redis/address.ts';
import { lookAtRedis } from './adapters/redis/connection.ts';
import { mongoTls } from './config/stores.ts';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { collectServerSupport } from './insight/support/server-support.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage:
npm run support -- write [FILE] [--log FILE]…   with the environment of web: writes this server's support archive; --log: web's
                                                or worker's log, whose newest lines come with it
npm run support -- read FILE [--json]           what is wrong, by an archive of a server, a kiosk or a box and nothing else;
                                                exits 1 where anything is
`;
/** How long a Redis may take to answer, ms. */
const STORE_MS = 3_000;
/** Of the end of a log, bytes. */
const TAIL_BYTES = 400_000;

const { values, positionals } = readOptions({
  usage: USAGE,
  words: 2,
  options: { log: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } },
});
const [what, file] = positionals;
if (what === 'write') await write(file ?? 'bianmin-support.zip');
else if (what === 'read' && file !== undefined) await read(file);
else failUsage(USAGE, what === 'read' ? 'Name the archive.' : 'Name a command: write or read.');

async function write(to: string): Promise<void> {
  const config = loadConfig(process.env);
  const logs = await Promise.all((values.log ?? []).map((name) => lastLines(name)));
  // Whatever is away is said by its part of the archive.
  const look = { patienceMs: STORE_MS };
  const redis = lookAtRedis(redisAddress(config.REDIS_URL, config), look);
  const marks = config.REDIS_QUEUE_URL === undefined ? undefined : lookAtRedis(queueRedisOf(config), look);
  let db: Connection | undefined;
  let fault: string | undefined;
  try {
    db = await connectDatabase(config.MONGODB_URI, mongoTls(config)).catch((error: unknown) => {
      fault = systemCodeOf(error);
      return undefined;
    });
    const parts = await collectServerSupport({
      ...{ config, clock: systemClock, db, redis, marks, logs },
      ...(fault === undefined ? {} : { databaseFault: fault }),
    });
    const bytes = packSupport(parts);
    await writeFile(to, bytes, { mode: 0o600 });
    process.stdout.write(`${resolve(to)}: ${bytes.length} bytes, no secret in it.\n`);
    tell(parts);
  } finally {
    redis.disconnect();
    marks?.disconnect();
    await db?.close();
  }
}

async function read(from: string): Promise<void> {
  try {
    const { manifest, parts } = openSupport(await readFile(from));
    const findings = findingsOf(parts);
    if (values.json) process.stdout.write(`${JSON.stringify({ manifest, findings })}\n`);
    else {
      process.stdout.write(`${manifest.kind} ${manifest.release}, ${manifest.at}\n`);
      tell(parts);
    }
    if (findings.length > 0) process.exitCode = 1;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    process.stderr.write(`${codeOf(error) ?? ''}: ${error instanceof Error ? error.message : ''}\n`);
    process.exitCode = 2;
  }
}

function tell(parts: SupportParts): void {
  for (const finding of findingsOf(parts)) process.stdout.write(`  ${sentenceOfFinding(finding)}\n`);
}

/** What is no whole line at the front is no line of ours, and left out. */
async function lastLines(name: string): Promise<string[]> {
  const file = await open(name, 'r');
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8', 0, bytesRead).split('\n');
  } finally {
    await file.close();
  }
}
