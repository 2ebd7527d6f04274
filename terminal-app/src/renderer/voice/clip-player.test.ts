import { describe, expect, it } from 'vitest';
import { ClipPlayer } from './clip-player.ts';

/** Web Audio as far as the player uses it: a clock that stands, buffers as long as their bytes, in tenths of a second. */
class FakeAudio {
  readonly starts: number[] = [];
  readonly volumes: { value: number }[] = [];
  readonly sources: { onended: (() => void) | null; stopped: boolean }[] = [];
  state = 'running';
  currentTime = 5;
  destination = {};
  resumed = 0;

  async resume(): Promise<void> {
    this.resumed += 1;
    if (this.state === 'suspended') await new Promise(() => undefined);
  }

  async decodeAudioData(data: ArrayBuffer): Promise<{ duration: number }> {
    if (data.byteLength === 0) throw new Error('It is no sound.');
    return { duration: data.byteLength / 10 };
  }

  createGain() {
    const gain = { value: -1 };
    this.volumes.push(gain);
    return { gain, connect: () => undefined, disconnect: () => undefined };
  }

  createBufferSource() {
    const source = {
      onended: null as (() => void) | null,
      stopped: false,
      connect: () => undefined,
      start: (at: number) => this.starts.push(Math.round(at * 100) / 100),
      stop: () => {
        source.stopped = true;
        source.onended?.();
      },
    };
    this.sources.push(source);
    return source;
  }
}

function player(audio = new FakeAudio()) {
  const sound = new ClipPlayer(
    () => audio as unknown as AudioContext,
    async () => undefined,
  );
  return { audio, sound };
}

const clip = (length: number): ArrayBuffer => new ArrayBuffer(length);
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('recordings', () => {
  it('follow each other without a gap in a sentence, and with one between sentences', async () => {
    const { audio, sound } = player();
    const playing = sound.play([[clip(3), clip(4)], [clip(5)]], 0.4);
    await settle();
    expect(audio.starts).toEqual([5, 5.3, 6.05]);
    expect(audio.volumes).toEqual([{ value: 0.4 }]);
    audio.sources.at(-1)?.onended?.();
    expect(await playing).toBe('played');
  });

  it('end at once when they are stopped, those that have not begun too', async () => {
    const { audio, sound } = player();
    const playing = sound.play([[clip(3), clip(4)]], 1);
    await settle();
    sound.stop();
    expect(await playing).toBe('stopped');
    expect(audio.sources.map(({ stopped }) => stopped)).toEqual([true, true]);
  });

  it('do not begin when they were stopped while they were decoded', async () => {
    const { audio, sound } = player();
    const playing = sound.play([[clip(3)]], 1);
    sound.stop();
    expect([await playing, audio.starts]).toEqual(['stopped', []]);
  });

  it('leave what they were given whole, for the next time', async () => {
    const { audio, sound } = player();
    const bytes = clip(3);
    audio.decodeAudioData = async (data) => {
      structuredClone(data, { transfer: [data] });
      return { duration: 1 };
    };
    const playing = sound.play([[bytes]], 1);
    await settle();
    sound.stop();
    await playing;
    expect(bytes.byteLength).toBe(3);
  });

  it('wait for a touch where the browser wants one', async () => {
    const audio = new FakeAudio();
    audio.state = 'suspended';
    const { sound } = player(audio);
    expect(await sound.play([[clip(3)]], 1)).toBe('locked');
    audio.state = 'running';
    sound.unlock();
    expect(audio.resumed).toBe(2);
    const playing = sound.play([[clip(3)]], 1);
    await settle();
    audio.sources.at(-1)?.onended?.();
    expect(await playing).toBe('played');
  });

  it('that are none, and a machine without sound, are no error', async () => {
    expect(await player().sound.play([[clip(0)]], 1)).toBe('failed');
    const deaf = new ClipPlayer(
      () => {
        throw new Error('There is no audio.');
      },
      async () => undefined,
    );
    deaf.unlock();
    expect(await deaf.play([[clip(3)]], 1)).toBe('failed');
  });
});
