import { describe, expect, it } from 'vitest';
import { Dice } from '@bianmin/card/testing/dice';
import { seededRandom } from '@bianmin/card/testing/random';
import { Died, Gate, through } from './gate.ts';
import { Turns } from './turns.ts';
import { Weather } from './weather.ts';

const turnsOf = (seed: number): Turns => new Turns({ dice: new Dice(seededRandom(seed)) });

/** Three who each take three turns, in the order in which they took them. */
async function told(seed: number): Promise<string> {
  const turns = turnsOf(seed);
  let order = '';
  for (const name of ['a', 'b', 'c']) {
    turns.begin(async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        await turns.wait(name);
        order += name;
      }
    });
  }
  await turns.run();
  return order;
}

describe('turns', () => {
  it('are taken as the dice say, and by everybody', async () => {
    const orders = await Promise.all([1, 2, 3, 4, 5, 6].map(told));
    expect(new Set(orders).size).toBeGreaterThan(3);
    for (const order of orders) expect([...order].sort().join('')).toBe('aaabbbccc');
    expect(await told(3)).toBe(orders[2]);
  });

  it('let time pass once everybody waits for later', async () => {
    const turns = turnsOf(1);
    const began = turns.now();
    const woken: number[] = [];
    for (const ms of [3_000, 1_000, 2_000]) {
      turns.begin(async () => {
        await turns.sleep(ms);
        woken.push(turns.now() - began);
      });
    }
    await turns.run();
    expect(woken).toEqual([1_000, 2_000, 3_000]);
  });

  it('give up a sleeper who is told to', async () => {
    const turns = turnsOf(1);
    const waiting = new AbortController();
    turns.begin(async () => {
      const sleeping = turns.sleep(60_000, waiting.signal);
      waiting.abort();
      await expect(sleeping).rejects.toThrow('given up');
    });
    await turns.run();
  });

  it('say that no work can go on, that there is no end, and what work threw', async () => {
    const stuck = turnsOf(1);
    stuck.begin(() => new Promise(() => undefined));
    await expect(stuck.run()).rejects.toThrow('nobody for anything that comes');
    const endless = turnsOf(1);
    endless.most = 50;
    endless.begin(async () => {
      for (;;) await endless.wait('round and round');
    });
    await expect(endless.run()).rejects.toThrow('no end after 50 turns');
    const thrown = turnsOf(1);
    thrown.begin(() => Promise.reject(new Error('A fault.')));
    await expect(thrown.run()).rejects.toThrow('A fault.');
  });
});

describe('a gate', () => {
  it('lets nothing of a process that died through, and what it wrote stays written', async () => {
    const dice = new Dice(seededRandom(1));
    const turns = new Turns({ dice });
    const weather = new Weather(dice, turns);
    weather.calm = true;
    const written: string[] = [];
    const part = {
      write: (word: string) => Promise.resolve(void written.push(word)),
      read: () => Promise.resolve(written.length),
    };
    const gate = new Gate({ name: 'web', turns, dice, weather, die: () => undefined });
    const seen = through(part, gate, ['write']);
    await seen.write('before');
    gate.dead = true;
    await expect(seen.write('after')).rejects.toThrow(Died);
    expect(written).toEqual(['before']);
    expect(await seen.read()).toBe(1);
  });
});
