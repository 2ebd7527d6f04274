#!/usr/bin/env node
// Plain JavaScript of long ago: a Node that is too old has to get as far as its sentence.
import { existsSync } from 'node:fs';
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isTooOld = major < 20 || (major === 20 && minor < 19);
/** A clone of the project runs the tool from its TypeScript; the package brings no more than what that became. */
const isClone = existsSync(new URL('../src/cli/process.ts', import.meta.url));

function refuse() {
  const code = 'cli.node-too-old';
  const message = `bianmin-card needs Node 20.19 or newer and this is ${process.versions.node}; install a newer Node.`;
  if (process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else process.stderr.write(`${message} [${code}]\n`);
  process.exitCode = 2;
}

if (isTooOld) refuse();
else if (isClone) import('./clone.mjs');
else import('../dist/cli/process.js').then(({ runProcess }) => runProcess());
