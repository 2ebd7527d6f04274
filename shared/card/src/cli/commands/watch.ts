import { codeOf } from '../../errors.ts';
import { isRemoval } from '../../reader/error.ts';
import type { CardSlot } from '../../reader/slot.ts';
import { withSession } from '../card.ts';
import { EXIT } from '../exit.ts';
import { withReaders, type Command, type Run } from '../run.ts';
import { identifiedLines, identifyOn } from './identify.ts';

/** Says what comes and goes, and which card it is, until it is stopped. As JSON, a line an event. */
export const watch: Command = (run) =>
  withReaders(run, async (readers) => {
    const watched = new Map<CardSlot, () => void>();
    let work: Promise<unknown> = Promise.resolve();
    const sync = (): void => {
      const now = new Set(readers.slots().map(({ slot }) => slot));
      for (const [slot, off] of watched) {
        if (now.has(slot)) continue;
        off();
        watched.delete(slot);
        tell(
          run,
          { event: 'reader-gone', reader: slot.name },
          run.words.say('watch.reader-gone', { reader: slot.name }),
        );
      }
      for (const slot of now) {
        if (watched.has(slot)) continue;
        tell(
          run,
          { event: 'reader', reader: slot.name },
          run.words.say('watch.reader', { reader: slot.name }),
        );
        let last = false;
        const see = (present: boolean): void => {
          if (present === last) return;
          last = present;
          work = work.then(() => (present ? inserted(run, slot) : removed(run, slot)));
        };
        watched.set(slot, slot.onChange(see));
        work = work.then(() => slot.present()).then(see, () => undefined);
      }
    };
    if (!run.json) run.io.out(run.words.say('watch.begin'));
    const off = readers.onChange(sync);
    sync();
    await stopOf(run);
    off();
    for (const each of watched.values()) each();
    await work;
    return EXIT.done;
  });

async function inserted(run: Run, slot: CardSlot): Promise<void> {
  const { say } = run.words;
  tell(run, { event: 'inserted', reader: slot.name }, say('watch.inserted', { reader: slot.name }));
  try {
    await withSession(slot, async (session) => {
      const found = await identifyOn(slot, session);
      const lines = identifiedLines(found, run.words).slice(1);
      tell(run, { event: 'identified', ...found }, lines.map((line) => `  ${line}`).join('\n'));
    });
  } catch (error) {
    // A card that was pulled again tells of itself by its removal.
    if (isRemoval(error)) return;
    const code = codeOf(error) ?? 'unknown';
    tell(run, { event: 'unidentified', reader: slot.name, code }, `  ${run.words.error(error)}`);
  }
}

function removed(run: Run, slot: CardSlot): void {
  tell(run, { event: 'removed', reader: slot.name }, run.words.say('watch.removed', { reader: slot.name }));
}

function tell(run: Run, event: Readonly<Record<string, unknown>>, text: string): void {
  const at = new Date(run.io.clock.now());
  if (run.json) run.io.out(JSON.stringify({ at: at.toISOString(), ...event }));
  else run.io.out(text.startsWith(' ') ? text : `${at.toTimeString().slice(0, 8)}  ${text}`);
}

function stopOf({ io: { stopped } }: Run): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.aborted) resolve();
    else stopped.addEventListener('abort', resolve);
  });
}
