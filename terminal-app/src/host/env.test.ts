import { describe, expect, it } from 'vitest';
import { loadHostEnvironment } from './env.ts';

const LEAST = { BIANMIN_SERVER_URL: 'https://server.example', BIANMIN_DATA_DIR: '/var/lib/bianmin' };

describe('the host’s environment', () => {
  it('needs a server and a folder, and has no sandbox of its own', () => {
    expect(loadHostEnvironment(LEAST)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 0,
      ENTRY: 'kiosk',
      BIANMIN_READER_ID: 'kiosk-1',
    });
    expect(loadHostEnvironment(LEAST).BIANMIN_SANDBOX_URL).toBeUndefined();
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadHostEnvironment({ ...LEAST, BIANMIN_SANDBOX_URL: '', PORT: '' }).PORT).toBe(0);
  });

  it('names what is wrong and never its value', () => {
    const env = { BIANMIN_SERVER_URL: 'ftp://secret', HOST: '0.0.0.0', PORT: '99999' };
    expect(() => loadHostEnvironment(env)).toThrow(/BIANMIN_SERVER_URL.*BIANMIN_DATA_DIR.*HOST.*PORT/);
    expect(() => loadHostEnvironment(env)).not.toThrow(/secret|0\.0\.0\.0|99999/);
  });
});
