import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommand } from '../../bootstrap/machine.mjs';
import { cacheFolder } from '../../kit/process/cache.ts';
import { Program } from '../../kit/process/program.ts';
import { runToEnd } from '../../kit/process/run-to-end.ts';

const SOURCES = join(import.meta.dirname, 'node');
const MAIN = 'LogNode';

export interface LogNode {
  readonly url: string;
  close(): Promise<void>;
}

/** OpenSearch, a real node in a JVM of 512 MB; 53 MB from Maven Central, once. `dir`: for its files. */
export async function startLogNode(dir: string, report: (line: string) => void): Promise<LogNode> {
  const [java, javac, maven] = ['java', 'javac', 'mvn'].map(findCommand);
  if (java === undefined || javac === undefined || maven === undefined) {
    throw new Error('OpenSearch needs a JDK and Maven. Install default-jdk-headless and maven.');
  }
  const folder = cacheFolder('log-node', await hashOfSources());
  if (!existsSync(folder)) {
    report('Fetching OpenSearch from Maven Central, once');
    await build(folder, { maven, javac });
  }
  const { program, match } = await Program.start({
    name: 'opensearch',
    command: java,
    args: ['-Xms512m', '-Xmx512m', '-XX:TieredStopAtLevel=1', '-cp', `${folder}/*:${folder}`, MAIN, dir],
    ready: /listening on ([\d.]+:\d+)/,
    progress: report,
    log: join(dir, 'opensearch.log'),
  });
  return { url: `http://${match[1] ?? ''}`, close: () => program.stop() };
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['pom.xml', `${MAIN}.java`]) hash.update(await readFile(join(SOURCES, name)));
  return hash.digest('hex').slice(0, 16);
}

/** Builds aside and moves into place, so that a build broken off is never taken for a finished one. */
async function build(folder: string, tools: { maven: string; javac: string }): Promise<void> {
  const aside = `${folder}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  try {
    const copy = ['-q', '-B', '-f', join(SOURCES, 'pom.xml'), 'dependency:copy-dependencies'];
    await step(tools.maven, [...copy, `-DoutputDirectory=${aside}`]);
    await step(tools.javac, ['-cp', `${aside}/*`, '-d', aside, join(SOURCES, `${MAIN}.java`)]);
    await rename(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function step(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await runToEnd(command, args);
  if (code !== 0) throw new Error(`OpenSearch could not be had:\n${output.trimEnd().slice(-2000)}`);
}
