import { equalBytes } from '../../bytes/compare.ts';
import { ReadingSession } from '../../chip/reading-session.ts';
import { atrFacts } from '../atr-view.ts';
import type { Observation } from './report-form.ts';
import { noticed, observed, within, type Visit } from './visit.ts';

/** Which reader it is, as the program drives it. */
export function readerStep({ found: { slot, driven } }: Visit): Promise<Observation[]> {
  const { id, name, vendorId, productId, memoryDialect, wiresC4C8 } = slot.model;
  const numbers = { 'reader.vendor': vendorId, 'reader.product': productId };
  return Promise.resolve(
    observed({
      ...{ 'reader.model': id, 'reader.name': name, 'reader.driven': driven, ...numbers },
      ...{ 'reader.memory-dialect': memoryDialect, 'reader.wires-c4-c8': wiresC4C8 },
    }),
  );
}

const QUESTIONS = ['maker', 'model', 'label', 'province'] as const;

/** What only the person knows: what is printed on reader and card, and where the card is from. */
export async function questionsStep(visit: Visit): Promise<Observation[]> {
  const seen: Observation[] = [];
  for (const name of QUESTIONS) {
    const answer = (await visit.ask(`accept.question.${name}`))?.trim().slice(0, 200);
    // A long number may be a household's, a card's or a meter's: it stays here.
    if (answer) seen.push({ id: `answer.${name}`, value: answer.replace(/\d{5,}/gu, '#') });
  }
  return seen;
}

/** Power and answer to reset, twice. Historical bytes may be a card's own number, and only their length is kept. */
export async function powerStep(visit: Visit): Promise<Observation[]> {
  const { clock } = visit.run.io;
  const started = clock.monotonic();
  const first = await atrOf(visit);
  const ms = Math.round(clock.monotonic() - started);
  const same = equalBytes(first, await atrOf(visit));
  const facts = atrFacts(first);
  const iso = facts.kind === 'iso' ? facts : undefined;
  return observed({
    ...{ 'power.same': same, 'power.ms': ms, 'atr.bytes': first.length, 'atr.kind': facts.kind },
    'atr.protocols': iso?.protocols.join(','),
    'atr.historical-bytes': iso === undefined ? undefined : iso.historical.length / 2,
  });
}

async function atrOf({ found: { slot } }: Visit): Promise<Uint8Array> {
  const session = await slot.open();
  await session.end();
  return session.atr;
}

/** Whether the reader tells of a card that is taken out and put in. */
export async function noticesStep(visit: Visit): Promise<Observation[]> {
  const { slot } = visit.found;
  visit.tell('accept.now.out');
  const out = await noticed(visit, slot, false);
  visit.tell('accept.now.in');
  const back = await noticed(visit, slot, true);
  return observed({
    ...{ 'notice.out': out.told, 'notice.out-ms': out.ms, 'notice.in': back.told, 'notice.in-ms': back.ms },
    'notice.present': await slot.present(),
  });
}

/** Out and in as fast as a hand can, with the card powered: the session must be over. */
export async function fastStep(visit: Visit): Promise<Observation[]> {
  const { slot } = visit.found;
  const session = new ReadingSession(await slot.open());
  visit.tell('accept.now.fast');
  const { told } = await noticed(visit, slot, true);
  const over = await session.challenge().then(
    () => false,
    () => true,
  );
  await session.end();
  return observed({ 'fast.noticed': told, 'fast.session-over': over });
}

/** Whether a reader that was unplugged comes back. */
export async function replugStep(visit: Visit): Promise<Observation[]> {
  const { readers } = visit;
  const { slot, driven } = visit.found;
  const here = () => readers.slots().find((each) => each.slot.name === slot.name && each.driven === driven);
  visit.tell('accept.now.unplug');
  const gone = await within(visit, (done) => readers.onChange(() => here() === undefined && done()));
  visit.tell('accept.now.plug');
  const back =
    here() !== undefined || (await within(visit, (done) => readers.onChange(() => here() && done())));
  visit.found = here() ?? visit.found;
  return observed({ 'replug.gone': gone, 'replug.back': back });
}
