import { describe, expect, it } from 'vitest';
import { world } from './testing/started-portal.ts';

describe('leaving', () => {
  it('goes back to an address of the web and to no other', async () => {
    const there = await world(undefined, [], { search: '?backurl=https%3A%2F%2Fepg.test%2F' });
    there.page.choose('leave');
    expect(there.page.location.href).toBe('https://epg.test/');
    const forged = await world(undefined, [], { search: '?backurl=javascript%3Aalert(1)' });
    forged.page.choose('leave');
    expect(forged.page.location.href).toBe('http://portal.test/portal/');
    expect(forged.page.backs).toBe(1);
  });

  it('of a page that the box’s own launcher opened ends the portal', async () => {
    const calls: string[] = [];
    const box = { Utility: { setValueByName: (name: string) => calls.push(name) } };
    const { page } = await world(undefined, [], { search: '?fromLaunch=1', box });
    page.press(640);
    expect(calls).toEqual(['exitIptvApp']);
  });
});
