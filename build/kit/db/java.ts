import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommand } from '../../bootstrap/machine.mjs';
import { cacheFolder } from '../process/cache.ts';
import { runToEnd } from '../process/run-to-end.ts';
import type { Engine } from './engine.ts';

const SOURCES = join(import.meta.dirname, 'java');
const MAIN = 'EmbeddedMongo';

/**
 * The quick fallback: mongo-java-server on an H2 file, fetched from Maven Central in seconds. For a first
 * look only: after a kill it had lost 2,912 of 3,122 acknowledged writes
 * (docs/decisions/0001-embedded-database.md).
 */
export const mongoJavaServer: Engine = {
  name: 'mongo-java-server',
  durable: false,
  note: 'for trying things out: a crash loses data; npm run db:build builds a durable one',
  async prepare(dir, progress) {
    const java = findCommand('java');
    const [maven, javac] = [findCommand('mvn'), findCommand('javac')];
    const folder = cacheFolder('mongo-java-server', await hashOfSources());
    if (java === undefined) return { absent: 'there is no Java for the quick database' };
    if (!existsSync(folder)) {
      if (maven === undefined || javac === undefined) {
        return { absent: 'there is no Maven and JDK to fetch the quick database' };
      }
      progress('Fetching the quick database from Maven Central, once');
      const failed = await build(folder, { maven, javac });
      if (failed !== null) return { absent: `the quick database could not be built:\n${failed}` };
    }
    return {
      program: {
        command: java,
        args: [
          // Starts in a third of the time, and the load is small.
          ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xmx512m'],
          ...['-cp', `${folder}/*:${folder}`, MAIN, join(dir, 'mongo.mv')],
        ],
        ready: /listening on ([\d.]+:\d+)/,
      },
      uri: (match: RegExpExecArray) => `mongodb://${match[1] ?? ''}/?directConnection=true`,
    };
  },
};

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['pom.xml', `${MAIN}.java`]) hash.update(await readFile(join(SOURCES, name)));
  return hash.digest('hex').slice(0, 16);
}

/** Builds aside and moves into place, so that a build broken off is never taken for a finished one. */
async function build(folder: string, tools: { maven: string; javac: string }): Promise<string | null> {
  const aside = `${folder}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  try {
    const copy = ['-q', '-B', '-f', join(SOURCES, 'pom.xml'), 'dependency:copy-dependencies'];
    const fetched = await runToEnd(tools.maven, [...copy, `-DoutputDirectory=${aside}`]);
    if (fetched.code !== 0) return fetched.output;
    const compile = ['-cp', `${aside}/*`, '-d', aside, join(SOURCES, `${MAIN}.java`)];
    const compiled = await runToEnd(tools.javac, compile);
    if (compiled.code !== 0) return compiled.output;
    await rename(aside, folder).catch((error: unknown) => {
      // Another process was faster.
      if (!existsSync(folder)) throw error;
    });
    return null;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
