import { imageDigest } from '@bianmin/card/meter-card/digest';
import { bytesOf, type CardImage } from '@bianmin/card/meter-card/image';
import { fromCardImageMessage } from '@bianmin/card/meter-card/wire';
import { planStepSchema, type WritePlan } from '@bianmin/card/meter-card/plan';
import type { CardImageMessage } from '@bianmin/purchase/api/card-image';

/**
 * What the fake grid, cards and meters keep at the start of zone `main`: count and amount as big-endian words, and
 * what the meter wrote back as 16 bits beside their complement, so that a torn one proves nothing.
 */
interface CardFields {
  readonly count: number;
  readonly amountFen: number;
  /** What the meter wrote back, null where the last write blanked it. */
  readonly creditedCount: number | null;
}

const FIELDS = { zone: 'main', offset: 0, length: 12 } as const;

/** The code of every such card: one that nothing spells by chance, so that a log that holds it gave it away. */
export const FAKE_CARD_CODE = 'C0DE5EA1';

/** A household's card, with just enough on it for the order engine's tests. */
export class FakeCard {
  readonly serial: string;
  readonly meterNo: string;
  readonly #bytes = Buffer.alloc(FIELDS.length);

  constructor(serial: string, meterNo: string) {
    this.serial = serial;
    this.meterNo = meterNo;
    this.#store({ count: 1, amountFen: 0, creditedCount: 1 });
  }

  /** The same bytes on another chip. */
  clone(): FakeCard {
    const copy = new FakeCard(this.serial, this.meterNo);
    this.#bytes.copy(copy.#bytes);
    return copy;
  }

  read(): CardImageMessage {
    return {
      chip: 'SLE4442',
      atr: 'A2131091',
      serial: this.serial,
      regions: [
        { zone: 'main', offset: 0, data: this.#bytes.toString('hex').toUpperCase() },
        { zone: 'meter', offset: 0, data: Buffer.from(this.meterNo, 'latin1').toString('hex').toUpperCase() },
      ],
    };
  }

  /** Of its image, as a terminal that read it back reports it. */
  digest(): string {
    return imageDigest(fromCardImageMessage(this.read()));
  }

  get fields(): CardFields {
    return fieldsOf(this.#bytes);
  }

  /** Writes a plan as far as `bytes` of it; all of it where absent. */
  write(plan: WritePlan, bytes = Number.POSITIVE_INFINITY): void {
    if (plan.serial !== this.serial) throw new Error('This plan is for another card.');
    let left = bytes;
    for (const step of plan.steps.map((each) => planStepSchema.parse(each))) {
      if (step.op !== 'write') continue;
      const data = Buffer.from(step.data, 'hex').subarray(0, Math.max(0, left));
      left -= data.length;
      data.copy(this.#bytes, step.offset);
    }
  }

  /** What a meter writes back. */
  noteCredited(count: number): void {
    this.#store({ ...this.fields, creditedCount: count });
  }

  #store(fields: CardFields): void {
    encode(fields).copy(this.#bytes);
  }
}

/** A meter with the acceptance rule that matters here: it credits a count that is its own plus one, once. */
export class FakeMeter {
  readonly meterNo: string;
  count = 1;
  balanceFen = 0;
  /** All that it ever credited. */
  creditedFen = 0;
  /** 囤积限额: what would take it beyond is refused; a maker may let it write back all the same. */
  ceilingFen = Number.POSITIVE_INFINITY;
  writesBackWhenFull = false;
  isRetired = false;
  /** What it wrote to a card last, and when, ISO 8601. */
  said = { at: '2026-01-01T00:00:00Z', balanceFen: 2340 };
  readonly #now: () => number;

  constructor(meterNo: string, now: () => number = Date.now) {
    this.meterNo = meterNo;
    this.#now = now;
  }

  credit(count: number, fen: number): void {
    this.count = count;
    this.balanceFen += fen;
    this.creditedFen += fen;
  }

  /** Electricity for so much, as far as there is some, fen. */
  use(fen: number): void {
    this.balanceFen -= Math.min(fen, this.balanceFen);
  }

  /** Its balance is kept at the grid from now on: it takes no card. */
  retire(): void {
    this.balanceFen = 0;
    this.isRetired = true;
  }

  /** Gives what it credited. */
  insert(card: FakeCard): number {
    const { count, amountFen, creditedCount } = card.fields;
    if (card.meterNo !== this.meterNo || this.isRetired) return 0;
    const isNext = count === this.count + 1 && creditedCount === null;
    const isFull = isNext && this.balanceFen + amountFen > this.ceilingFen;
    const credits = isNext && !isFull ? amountFen : 0;
    if (credits > 0) {
      this.credit(count, credits);
    }
    if (count <= this.count || (isFull && this.writesBackWhenFull)) {
      card.noteCredited(this.count);
      this.said = { at: new Date(this.#now()).toISOString(), balanceFen: this.balanceFen };
    }
    return credits;
  }
}

export function readFields(image: Pick<CardImage, 'regions'>): CardFields {
  const bytes = bytesOf(image, FIELDS);
  if (bytes === undefined) throw new Error('The fake card was not read whole.');
  return fieldsOf(Buffer.from(bytes));
}

export function serialHex(image: CardImage): string {
  return Buffer.from(image.serial).toString('hex').toUpperCase();
}

/** The plan that puts a sale on its card: blank what the meter wrote and set the amount, then the count. */
export function plainPlan(sale: {
  orderNo: string;
  serial: string;
  count: number;
  faceFen: number;
}): WritePlan {
  const bytes = encode({ count: sale.count, amountFen: sale.faceFen, creditedCount: null });
  const write = (offset: number, length: number) => ({
    op: 'write' as const,
    zone: 'main',
    offset,
    data: bytes
      .subarray(offset, offset + length)
      .toString('hex')
      .toUpperCase(),
  });
  return {
    version: 1,
    kind: 'purchase',
    orderNo: sale.orderNo,
    chip: 'SLE4442',
    serial: sale.serial,
    stage: 0,
    ranges: [{ ...FIELDS }],
    steps: [{ op: 'present-code', code: FAKE_CARD_CODE }, write(4, 8), write(0, 4)],
  };
}

/** The plan that takes a sale off its card: the count before it first, then no amount; what a meter wrote stays. */
export function takeOffPlan(sale: { orderNo: string; serial: string; count: number }): WritePlan {
  const { steps, ...plan } = plainPlan({ ...sale, count: sale.count - 1, faceFen: 0 });
  const [code, amount, counted] = steps;
  if (code === undefined || amount?.op !== 'write' || counted === undefined) throw new Error('No such plan.');
  // Of amount and what a meter wrote, the amount.
  return { ...plan, kind: 'undo', steps: [code, counted, { ...amount, data: amount.data.slice(0, 8) }] };
}

function encode(fields: CardFields): Buffer {
  const bytes = Buffer.alloc(FIELDS.length);
  bytes.writeUInt32BE(fields.count, 0);
  bytes.writeUInt32BE(fields.amountFen, 4);
  if (fields.creditedCount === null) return bytes.fill(0xff, 8);
  bytes.writeUInt16BE(fields.creditedCount, 8);
  bytes.writeUInt16BE(~fields.creditedCount & 0xffff, 10);
  return bytes;
}

function fieldsOf(bytes: Buffer): CardFields {
  const credited = bytes.readUInt16BE(8);
  const sound = (~credited & 0xffff) === bytes.readUInt16BE(10);
  return {
    count: bytes.readUInt32BE(0),
    amountFen: bytes.readUInt32BE(4),
    creditedCount: sound ? credited : null,
  };
}
