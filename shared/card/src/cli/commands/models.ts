import { CPU_ONLY_MODELS } from '../../reader/cpu-only-models.ts';
import { READER_MODELS, type MemoryDialectName, type ReaderModel } from '../../reader/models.ts';
import { vidPid } from '../doctor/hex-id.ts';
import { EXIT } from '../exit.ts';
import { give, type Command } from '../run.ts';
import type { Words } from '../words/words.ts';

/** Memory chips that a dialect has commands for; the bit-serial ones also want contacts C4 and C8. */
const CHIPS: Readonly<Record<MemoryDialectName, readonly string[]>> = {
  acs: ['SLE4442', 'SLE4428', 'AT88SC153', 'AT88SC1608'],
  omnikey: ['SLE4442', 'SLE4428'],
};
const BIT_SERIAL = ['AT88SC102', 'AT88SC1602', 'AT88SC1604'];

/** What `models --json` gives of each. */
interface KnownModel {
  readonly id: string;
  readonly name: string;
  /** `072F:90CC`. */
  readonly usb: string;
  readonly transport: NonNullable<ReaderModel['transport']>;
  /** Memory chips that it is driven to write; CPU cards it takes in any case. */
  readonly memoryChips: readonly string[];
  readonly source: string;
  readonly unconfirmed: readonly string[];
}

/** Every reader that is known, with the source of what is known and with what is not. */
export const models: Command = async (run) => {
  const known = [...READER_MODELS, ...CPU_ONLY_MODELS].map(knownModel);
  give(
    run,
    { models: known },
    known.flatMap((model) => modelLines(model, run.words)),
  );
  return EXIT.done;
};

function knownModel(model: ReaderModel): KnownModel {
  const { id, name, transport = 'ccid', memoryDialect, wiresC4C8, source = '', unconfirmed = [] } = model;
  const chips = memoryDialect === undefined ? [] : CHIPS[memoryDialect];
  const memoryChips = wiresC4C8 === true ? [...chips, ...BIT_SERIAL] : chips;
  return { ...{ id, name, transport, memoryChips, source, unconfirmed }, usb: vidPid(model) };
}

function modelLines(model: KnownModel, { say }: Words): string[] {
  const chips = ['CPU', ...model.memoryChips].join(say('list.comma'));
  return [
    `${model.usb}  ${model.name}${say('list.comma')}${model.transport} (${model.id})`,
    `   ${say('models.chips', { chips })}`,
    `   ${say('models.source', { source: model.source })}`,
    ...model.unconfirmed.map((what) => `   ${say('models.unconfirmed', { what })}`),
  ];
}
