import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { FakeChannel } from '../../testing/fake-channel.ts';
import { ChannelWatch, type ChannelRule } from './channel-watch.ts';

const rule = (over: Partial<ChannelRule>): ChannelRule => ({
  weight: 1,
  minFen: 1,
  maxFen: 1_000_000,
  ...over,
});

function watched(rules: ConstructorParameters<typeof ChannelWatch>[0]['rules'] = {}) {
  const clock = new ManualClock();
  const wechat = new FakeChannel('wechat', clock);
  const alipay = new FakeChannel('alipay', clock);
  const told: string[] = [];
  const watch = new ChannelWatch({
    channels: new Map([
      ['wechat', wechat],
      ['alipay', alipay],
    ]),
    rules,
    changed: (channel, up) => told.push(`${channel} ${up ? 'up' : 'down'}`),
  });
  const ask = () =>
    watch.channels
      .get('wechat')
      ?.query('260115100000999999p1')
      .catch(() => undefined);
  return { watch, wechat, told, ask };
}

describe('a channel', () => {
  it('is offered with what it can do', () => {
    const { watch } = watched();
    expect(watch.ways(5000).map(({ channel, down }) => [channel, down])).toEqual([
      ['wechat', null],
      ['alipay', null],
    ]);
  });

  it('that does not answer three times in a row is hidden, and says so once', async () => {
    const { watch, wechat, told, ask } = watched();
    wechat.fault = () => 'lost-answer';
    await ask();
    await ask();
    expect(watch.isDown('wechat')).toBe(false);
    await ask();
    await ask();
    expect(watch.ways(5000)[0]).toMatchObject({ channel: 'wechat', down: 'unreachable' });
    expect(told).toEqual(['wechat down']);
  });

  it('comes back by the first answer to a probe', async () => {
    const { watch, wechat, told, ask } = watched();
    wechat.fault = () => 'unavailable';
    for (let n = 0; n < 3; n += 1) await ask();
    expect(await watch.probe()).toBe(1);
    expect(watch.isDown('wechat')).toBe(true);
    wechat.fault = () => 'none';
    await watch.probe();
    expect(watch.isDown('wechat')).toBe(false);
    expect(told).toEqual(['wechat down', 'wechat up']);
    expect(await watch.probe()).toBe(0);
  });

  it('that refuses answers', async () => {
    const { watch } = watched();
    for (let n = 0; n < 5; n += 1) {
      await watch.channels
        .get('wechat')
        ?.close('260115100000999999p1')
        .catch(() => undefined);
    }
    expect(watch.isDown('wechat')).toBe(false);
  });

  it('is not offered below and above its limits', () => {
    const { watch } = watched({ wechat: rule({ minFen: 1000, maxFen: 2000 }) });
    const downFor = (fen: number) => watch.ways(fen).find(({ channel }) => channel === 'wechat')?.down;
    expect([999, 1000, 2000, 2001].map(downFor)).toEqual(['limit', null, null, 'limit']);
  });

  it('comes first by its weight, and is chosen in its proportion', () => {
    const { watch } = watched({ wechat: rule({ weight: 1 }), alipay: rule({ weight: 3 }) });
    expect(watch.ways(5000)[0]?.channel).toBe('alipay');
    const drawn = [0, 0.2, 0.5, 0.74, 0.76, 0.99].map((at) => watch.pick(5000, 'code', at));
    expect(drawn).toEqual(['alipay', 'alipay', 'alipay', 'alipay', 'wechat', 'wechat']);
  });

  it('of weight 0 is chosen only where no other is open', async () => {
    const { watch, wechat, ask } = watched({ wechat: rule({ weight: 1 }), alipay: rule({ weight: 0 }) });
    expect([0, 0.5, 0.999].map((at) => watch.pick(5000, 'code', at))).toEqual(['wechat', 'wechat', 'wechat']);
    wechat.fault = () => 'unavailable';
    for (let n = 0; n < 3; n += 1) await ask();
    expect(watch.pick(5000, 'code', 0)).toBe('alipay');
  });

  it('without weights is the first that answers', async () => {
    const { watch, wechat, ask } = watched();
    expect([0, 0.5, 0.999].map((at) => watch.pick(5000, 'code', at))).toEqual(['wechat', 'wechat', 'wechat']);
    wechat.fault = () => 'unavailable';
    for (let n = 0; n < 3; n += 1) await ask();
    expect(watch.pick(5000, 'code', 0.5)).toBe('alipay');
  });

  it('is not chosen where none can be', () => {
    const { watch } = watched({ wechat: rule({ maxFen: 1 }), alipay: rule({ maxFen: 1 }) });
    expect(watch.pick(5000, 'code', 0)).toBeUndefined();
  });
});
