import { describe, expect, it } from 'vitest';
import type { PlayEnd } from './clip-player.ts';
import { PackShelf } from './pack-shelf.ts';
import { Speaker } from './speaker.ts';
import type { Spokesman } from './speaker.ts';
import { utteranceOf } from './utterance.ts';
import type { Utterance } from './utterance.ts';

function utterance(...fen: number[]): Utterance {
  const said = utteranceOf(
    'en',
    fen.map((each) => ({ key: 'selling.title', fen: each }) as const),
  );
  if (said === null) throw new Error('It cannot be said.');
  return said;
}
const FIFTY = utterance(5000);

/** `files`: what lies under `voice/`; a pack has the parts of fifty yuan unless `without` names one. */
function hall(init: {
  packs?: readonly ('recorded' | 'drafted')[];
  without?: string;
  other?: string;
  system?: boolean;
  playerEnd?: PlayEnd;
}) {
  const heard: string[] = [];
  const who: Spokesman[] = [];
  const read: string[] = [];
  const packs = init.packs ?? [];
  const bytes = (text: string) => new TextEncoder().encode(text).buffer;
  const manifest = (kind: string) =>
    JSON.stringify({
      ...{ format: 1, language: 'en', kind, voice: 'a person', licence: 'none' },
      parts: Object.fromEntries(
        FIFTY.sentences
          .flat()
          .filter(({ id }) => id !== init.without)
          .map(({ id, text }) => [
            id,
            { file: `${id}.opus`, text: id === init.other ? 'something else' : text },
          ]),
      ),
    });
  const shelf = new PackShelf(async (path) => {
    read.push(path);
    if (path === 'packs.json') return bytes(JSON.stringify({ en: packs }));
    const [, kind = '', file = ''] = path.split('/');
    return bytes(file === 'manifest.json' ? manifest(kind) : file);
  });
  const speaker = new Speaker({
    shelf,
    player: {
      play: async (clips, volume) => {
        heard.push(
          `${clips
            .flat()
            .map((clip) => new TextDecoder().decode(clip))
            .join(' ')} at ${volume}`,
        );
        return init.playerEnd ?? 'played';
      },
      stop: () => undefined,
    },
    speech: {
      can: () => init.system ?? false,
      play: async ({ text }, volume) => {
        heard.push(`${text} at ${volume}`);
        return 'played';
      },
      stop: () => undefined,
    },
    onSpokesman: (each) => who.push(each),
  });
  speaker.level = 'loud';
  return { speaker, heard, who, read };
}

const CLIPS = 'n.50.opus u.yuan.opus selling.title.b.opus at 1';

describe('who speaks', () => {
  it('a recording before the system, the system before a draft', async () => {
    for (const [packs, system, spokesman] of [
      [['recorded', 'drafted'], true, 'recorded'],
      [['drafted'], true, 'system'],
      [['drafted'], false, 'drafted'],
      [[], false, 'nobody'],
    ] as const) {
      const { speaker, who } = hall({ packs, system });
      await speaker.say(FIFTY);
      expect(who).toEqual([spokesman]);
    }
  });

  it('says a sentence part by part from files, and whole by the system', async () => {
    const recorded = hall({ packs: ['recorded'] });
    expect(await recorded.speaker.say(FIFTY)).toBe('played');
    expect(recorded.heard).toEqual([CLIPS]);
    const system = hall({ system: true });
    await system.speaker.say(FIFTY);
    expect(system.heard).toEqual(['fifty yuan received. at 1']);
  });

  it.each([{ without: 'u.yuan' }, { other: 'selling.title.b' }])(
    'never says a sentence in two voices: $without$other is not in the recording',
    async (lack) => {
      const { speaker, heard, who } = hall({ packs: ['recorded'], system: true, ...lack });
      await speaker.say(FIFTY);
      expect([who, heard]).toEqual([['system'], ['fifty yuan received. at 1']]);
    },
  );

  it('another amount falls back as a whole where one of its numbers is not recorded', async () => {
    const { speaker, who } = hall({ packs: ['recorded'], system: true });
    await speaker.say(utterance(5000, 700));
    expect(who).toEqual(['system']);
  });

  it('is the next one where the first one’s sound fails, and in the end nobody, without an error', async () => {
    const { speaker, who } = hall({ packs: ['recorded', 'drafted'], playerEnd: 'failed' });
    expect(await speaker.say(FIFTY)).toBe('failed');
    expect(who).toEqual(['recorded', 'drafted', 'nobody']);
  });

  it('is nobody while the sound is off: no file is even read', async () => {
    const { speaker, who, read } = hall({ packs: ['recorded'], system: true });
    speaker.level = 'off';
    expect(await speaker.say(FIFTY)).toBe('stopped');
    expect([who, read]).toEqual([[], []]);
  });

  it('is quieter where it is asked to be', async () => {
    const { speaker, heard } = hall({ packs: ['drafted'] });
    speaker.level = 'normal';
    await speaker.say(FIFTY);
    expect(heard).toEqual([CLIPS.replace('at 1', 'at 0.4')]);
  });

  it('does not begin what was cut while its files were read', async () => {
    const { speaker, heard } = hall({ packs: ['drafted'] });
    const first = speaker.say(FIFTY);
    const second = speaker.say(FIFTY);
    expect([await first, await second]).toEqual(['stopped', 'played']);
    const third = speaker.say(FIFTY);
    speaker.stop();
    expect([await third, heard.length]).toEqual(['stopped', 1]);
  });
});
