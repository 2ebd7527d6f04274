import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { DEPLOY, readCompose } from './manifests.ts';

const read = (path: string): Promise<string> => readFile(join(DEPLOY, path), 'utf8');

interface Filebeat {
  readonly 'filebeat.inputs': readonly {
    readonly type: string;
    readonly syslog_identifiers: readonly string[];
  }[];
}

it('what Filebeat reads is what units and containers write, all of it in a journal that rotates itself', async () => {
  const { 'filebeat.inputs': inputs } = parse(await read('elk/filebeat.yml')) as Filebeat;
  const [{ type = '', syslog_identifiers: names = [] } = {}] = inputs;
  expect(type).toBe('journald');
  for (const unit of [
    'systemd/bianmin-web@.service',
    'systemd/bianmin-worker.service',
    '../image/linux/bianmin-kiosk.service',
  ]) {
    const text = await read(unit);
    expect(names, unit).toContain(/^SyslogIdentifier=(.+)$/mu.exec(text)?.[1]);
    expect(text, unit).not.toMatch(/^Standard(?:Output|Error)=(?!journal)/mu);
  }
  for (const [name, { image, logging }] of Object.entries(await readCompose())) {
    expect(logging?.driver, name).toBe('journald');
    expect(names.includes(logging?.options.tag ?? ''), name).toBe(image.startsWith('bianmin-server'));
  }
  for (const conf of ['systemd/journald.conf', '../image/linux/journald.conf']) {
    expect(await read(conf), conf).toMatch(/^SystemMaxUse=\d+[MG]$/mu);
  }
});
