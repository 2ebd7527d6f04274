import { describe, expect, it } from 'vitest';
import { writeCard } from '../meter-card/write.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { SimulatedSle4428Card } from '../testing/chips/sle4428/card.ts';
import { omnikeySle4428Firmware } from '../testing/chips/sle4428/omnikey.ts';
import { SimulatedSle4442Card } from '../testing/chips/sle4442/card.ts';
import { omnikeySle4442Firmware } from '../testing/chips/sle4442/omnikey.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';
import { METER_CARDS, type MeterCard } from '../testing/meter-files.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import type { SimulatedCard } from '../testing/simulated-card.ts';
import { openCcidReader } from './ccid-reader.ts';
import { READER_MODELS } from './models.ts';
import type { MemoryDialectName, ReaderModel } from './models.ts';
import { openSample } from '../testing/open-sample.ts';

const CCID_MODELS = READER_MODELS.filter(({ transport = 'ccid' }) => transport === 'ccid');

/** What a model can write: OMNIKEY's dialect has two memory chips, and one chip wants contacts that not all wire. */
function cardsOf({ memoryDialect, wiresC4C8 }: ReaderModel): readonly MeterCard[] {
  if (memoryDialect === 'omnikey') return ['SLE4442', 'SLE4428', 'CPU'];
  return METER_CARDS.filter((card) => card !== 'AT88SC1602' || wiresC4C8 === true);
}

it('all six chips are written by a reader of the table', () => {
  expect(CCID_MODELS.filter((model) => cardsOf(model).length === METER_CARDS.length)).not.toEqual([]);
});

/** The card behind the firmware of a reader of this dialect; simulated cards come behind an ACS one. */
function behind(card: SimulatedCard, dialect: MemoryDialectName | undefined): SimulatedCard {
  if (dialect !== 'omnikey') return card;
  switch (card.chip) {
    case 'SLE4442':
      return SimulatedSle4442Card.restore(card.snapshot(), 1, (chip) => omnikeySle4442Firmware(chip));
    case 'SLE4428':
      return SimulatedSle4428Card.restore(card.snapshot(), 1, (chip) => omnikeySle4428Firmware(chip));
    default:
      return card;
  }
}

describe.each(CCID_MODELS)('a simulated $name', (model) => {
  it.each(cardsOf(model))('takes a purchase on a %s', async (of) => {
    const clock = new ManualClock();
    const { vendorId, productId, name, level = 'short-apdu' } = model;
    const reader = new SimulatedReader({ clock, level, model: { vendorId, productId, product: name } });
    const purchase = samplePurchase(of, { cipher: tripleDes, seed: 29 });
    const card = behind(purchase.card, model.memoryDialect);
    reader.insert(card);
    const [slot] = openCcidReader(reader, clock).slots;
    if (slot === undefined) throw new Error('no slot');
    expect(slot.model).toBe(model);
    const session = await slot.open();
    await writeCard({
      driver: await openSample(purchase, session, slot.model),
      layout: purchase.layout,
      atr: session.atr,
      plan: purchase.plan,
      lease: { no: 1, expiresAtMonotonic: clock.monotonic() + 60_000 },
      journal: new MemoryJournal(),
      clock,
      authorise: purchase.authorise,
    });
    await session.end();
    const before = purchase.meter.balanceFen;
    purchase.meter.insert(card);
    purchase.meter.insert(card);
    expect(purchase.meter.balanceFen - before).toBe(purchase.amountFen);
  });
});
