import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'testing/crashing-main.ts');
const SECRET = 'pl4nted-s3cret-of-the-cache';

describe('a process that crashes', () => {
  it.each(['timer', 'rejection', 'start', 'timer-command', 'rejection-command', 'start-command'])(
    'by its %s ends with 1, says what happened, and nothing that a library hung on the error',
    (way) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', 'tsx', '--enable-source-maps', MAIN, way, SECRET],
        { encoding: 'utf8' },
      );
      expect(status).toBe(1);
      expect(stdout + stderr).toContain('cache:6379 failed');
      expect(stdout + stderr).toContain('crashing-main.ts');
      expect(stdout + stderr).not.toContain(SECRET);
    },
  );
});
