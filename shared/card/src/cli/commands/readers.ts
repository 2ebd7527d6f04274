import { codeOf } from '../../errors.ts';
import { EXIT } from '../exit.ts';
import { give, withReaders, type Command } from '../run.ts';

/** Lists readers: name, model, how each is driven, whether a card is in it, its way with memory cards. */
export const readers: Command = (run) =>
  withReaders(run, async (open) => {
    const { say } = run.words;
    const listed = await Promise.all(
      open.slots().map(async ({ slot, driven }, i) => ({
        number: i + 1,
        name: slot.name,
        model: slot.model.id,
        driven,
        card: await slot.present(),
        memoryDialect: slot.model.memoryDialect ?? null,
      })),
    );
    const faults = open.faults.map(({ where, error }) => ({ where, code: codeOf(error) ?? 'unknown' }));
    const comma = say('list.comma');
    const lines = listed.flatMap((reader) => [
      `${reader.number}  ${reader.name}`,
      `   ${say('readers.model', { model: reader.model })}${comma}${say(`driven.${reader.driven}`)}`,
      `   ${say(reader.card ? 'readers.card' : 'readers.no-card')}${comma}${
        reader.memoryDialect === null
          ? say('readers.cpu-only')
          : say('readers.memory', { dialect: reader.memoryDialect })
      }`,
    ]);
    if (listed.length === 0) lines.push(say('readers.none'));
    lines.push(
      ...open.faults.map(({ where, error }) => say('readers.fault', { where, why: run.words.reason(error) })),
    );
    give(run, { readers: listed, faults }, lines);
    return listed.length === 0 ? EXIT.nothingThere : EXIT.done;
  });
