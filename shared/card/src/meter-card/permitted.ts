import { equalBytes } from '../bytes/compare.ts';
import { parseApdu, type Apdu } from '../framing/apdu.ts';
import { INS, sfiOf } from '../chip/cpu/commands.ts';
import { D1_CARD } from '../chip/cpu/dialect-d1.ts';
import { type CpuDialect, type Directory, zoneOf } from '../chip/cpu/dialect.ts';
import { fromHex } from '../bytes/hex.ts';
import { MeterCardError } from './error.ts';
import type { Region } from '../chip/region.ts';
import { bytesOf, type CardImage } from './image.ts';
import type { PlanStep, WritePlan } from './plan.ts';

type ApduStep = Extract<PlanStep, { op: 'apdu' }>;

/**
 * Refuses what a purchase or a replacement may not do, stage by stage, before anything of the stage is done. The
 * terminal holds this check itself: a forger of plans could still only change the plan's own ranges.
 * Fails with `meter-card.plan-refused`.
 */
export class PlanCheck {
  readonly #first: WritePlan;
  readonly #image: CardImage;
  readonly #dialect: CpuDialect;
  #nextStage = 0;
  /** Codes that the plan presents, each once. */
  readonly #codes = new Set<number>();
  /** The external key was presented: a plan has one try. */
  #presented = false;
  /** What the plan itself has selected; nothing may be assumed of what reading left selected. */
  #directory: Directory | undefined;

  /** CPU cards: `dialect` says what the directories and MACs of the card are. */
  constructor(plan: WritePlan, image: CardImage, dialect: CpuDialect = D1_CARD) {
    this.#first = plan;
    this.#image = image;
    this.#dialect = dialect;
  }

  /** Call once with each stage, in order. */
  stage(plan: WritePlan): void {
    const first = this.#first;
    const same = plan.orderNo === first.orderNo && plan.serial === first.serial && plan.chip === first.chip;
    if (!same || plan.kind !== first.kind) throw refused('a stage is of another order or card');
    if (plan.stage !== this.#nextStage)
      throw refused(`stage ${plan.stage} came where ${this.#nextStage} was due`);
    this.#nextStage += 1;
    for (const range of plan.ranges) {
      if (!within(first.ranges, range)) throw refused('a later stage widens the ranges');
      if (bytesOf(this.#image, range) === undefined) throw refused('a range lies outside what was read');
    }
    for (const step of plan.steps) this.#step(step);
    const gathered = plan.steps.flatMap((step) => (step.op === 'apdu' && step.gather ? [step.gather] : []));
    for (const name of plan.authorise ?? []) {
      if (!gathered.includes(name)) throw refused('a stage sends up what it does not gather');
    }
  }

  #step(step: PlanStep): void {
    const memory = this.#first.chip !== 'CPU';
    switch (step.op) {
      case 'present-code':
        if (!memory || this.#codes.has(step.key ?? 0))
          throw refused('a code is presented where it must not be');
        this.#codes.add(step.key ?? 0);
        return;
      case 'write':
        if (!memory || this.#codes.size === 0) throw refused('bytes are written where they must not be');
        this.#inRanges({ zone: step.zone, offset: step.offset, length: step.data.length / 2 });
        return;
      case 'apdu':
        if (memory) throw refused('a memory card is given a command');
        this.#apdu(step);
    }
  }

  #apdu(step: ApduStep): void {
    const apdu = parseApdu(fromHex(step.apdu));
    if (apdu === undefined) throw refused('a command has lengths that do not agree');
    if (step.label !== 'update' && (step.after !== undefined || apdu.cla !== 0x00)) {
      throw refused('a command is not what its label says');
    }
    switch (step.label) {
      case 'select':
        this.#directory = directoryOf(apdu, this.#dialect);
        return;
      case 'challenge':
        if (apdu.ins !== INS.getChallenge || apdu.data.length > 0) throw refused('a challenge is malformed');
        return;
      case 'internal-auth':
        this.#authentication(apdu, INS.internalAuth, this.#dialect.keys.internal);
        return;
      case 'external-auth':
        this.#authentication(apdu, INS.externalAuth, this.#dialect.keys.external);
        if (this.#presented) throw refused('a key is presented twice');
        this.#presented = true;
        return;
      case 'update':
        this.#update(step, apdu);
    }
  }

  /** By the one key of the card's kind: any other one's tries are none of a write's business. */
  #authentication({ ins, p1, p2, data }: Apdu, wanted: number, key: number): void {
    if (ins !== wanted || data.length !== 8) throw refused('an authentication is malformed');
    if (p1 !== 0x00 || p2 !== key) throw refused('an authentication is by another key');
  }

  /** An update must say what the bytes are afterwards, and the command must say the same. */
  #update(step: ApduStep, apdu: Apdu): void {
    const { mac } = this.#dialect;
    const macLength = apdu.cla === mac.cla ? mac.length : 0;
    const sfi = sfiOf(apdu.p1);
    if (apdu.ins !== INS.updateBinary || (apdu.cla !== 0x00 && macLength === 0) || sfi === undefined) {
      throw refused('an update is malformed');
    }
    if (this.#directory === undefined) throw refused('an update comes before any selection');
    const { after } = step;
    if (after === undefined) throw refused('an update does not say what it leaves');
    const data = apdu.data.subarray(0, apdu.data.length - macLength);
    const expected = fromHex(after.data);
    const same = equalBytes(data, expected);
    const zone = zoneOf({ directory: this.#directory, sfi });
    if (!same || after.zone !== zone || after.offset !== apdu.p2) {
      throw refused('an update is not what it says that it leaves');
    }
    this.#inRanges({ zone, offset: apdu.p2, length: data.length });
  }

  #inRanges(region: Region): void {
    if (!within(this.#first.ranges, region)) throw refused('bytes outside the ranges would change');
  }
}

function directoryOf(apdu: Apdu, { directories }: CpuDialect): Directory {
  const id = (apdu.data[0] ?? 0) * 0x100 + (apdu.data[1] ?? 0);
  const { mf, df01 } = directories;
  if (apdu.ins !== INS.select || apdu.p1 !== 0 || apdu.data.length !== 2 || (id !== mf && id !== df01)) {
    throw refused('a selection is malformed, or of a foreign directory');
  }
  return id === mf ? 'mf' : 'df01';
}

function within(ranges: readonly Region[], region: Region): boolean {
  return ranges.some(
    (range) =>
      range.zone === region.zone &&
      region.offset >= range.offset &&
      region.offset + region.length <= range.offset + range.length,
  );
}

function refused(reason: string): MeterCardError {
  return new MeterCardError({
    code: 'meter-card.plan-refused',
    message: `The plan of this write asks for something that is not permitted: ${reason}. Nothing of it was done.`,
  });
}
