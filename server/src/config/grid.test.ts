import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { testConfig } from '../testing/config.ts';
import { gridFrom } from './grid.ts';
import { generateSm2Keys } from '../gateways/grid/wire/sm2.ts';

const KEYS = {
  GRID_SIGN_KEY: generateSm2Keys().privateKey,
  GRID_PUBLIC_KEY: generateSm2Keys().publicKey,
};
const of = (GRID_PROFILE: 'collection-v1' | 'agent-string', GRID_URL: string) =>
  gridFrom(testConfig({ ...KEYS, GRID_PROFILE, GRID_URL }), new ManualClock());

describe('the gateway of a configuration', () => {
  it('is the adapter that GRID_PROFILE names; only collection v1 texts codes', () => {
    const collection = of('collection-v1', 'https://grid.example/collect');
    expect([collection.grid.grid, collection.bindingCodes]).toEqual(['collection-v1', collection.grid]);
    const line = of('agent-string', 'tls://grid.example:9000');
    expect([line.grid.grid, line.bindingCodes]).toEqual(['agent-string', undefined]);
  });

  it.each([
    ['collection-v1', 'tcp://grid.example:9000', 'http:// or https://'],
    ['agent-string', 'https://grid.example/collect', 'tcp:// or tls://'],
  ] as const)('%s does not take %s, and says what it takes', (profile, url, schemes) => {
    expect(() => of(profile, url)).toThrow(schemes);
  });

  it.each(['collection-v1', 'agent-string'] as const)(
    'asks %s for no credit unless it is told to',
    async (profile) => {
      const { grid } = of(profile, profile === 'collection-v1' ? 'http://127.0.0.1:9' : 'tcp://127.0.0.1:9');
      expect(await grid.vendorCredit()).toBeNull();
    },
  );

  it('lets the grid drive cards over collection v1 alone', () => {
    const drives = (GRID_PROFILE: 'collection-v1' | 'agent-string', GRID_URL: string) => () =>
      gridFrom(testConfig({ ...KEYS, GRID_PROFILE, GRID_URL, GRID_CARD_TASKS: 'on' }), new ManualClock());
    expect(drives('collection-v1', 'https://grid.example')).not.toThrow();
    expect(drives('agent-string', 'tls://grid.example:9000')).toThrow('GRID_CARD_TASKS');
  });
});
