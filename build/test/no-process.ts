import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** On the floor `pure`: whatever would start a process fails, and says where such a test belongs. */
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const) {
  Object.defineProperty(childProcess, name, {
    value: () => {
      throw new Error(`${name} in a pure test: one that starts a process is called *.process.test.ts.`);
    },
  });
}
// Named imports see it, too.
syncBuiltinESMExports();
