import type { WritePlan } from '../meter-card/plan.ts';
import type { WriteCardInit } from '../meter-card/write.ts';
import type { CardSlot } from '../reader/slot.ts';
import type { Provenance } from '../transcript/format.ts';
import { CliError } from './error.ts';

export type Driven = Provenance['driven'];

/** Which readers are asked for. */
export interface ReaderChoice {
  /** A sample card in a simulated reader. */
  readonly simulate?: { readonly chip: string; readonly seed: number };
  /** A sandbox reader's address, `ws://…/world/readers/NAME/usb`. */
  readonly sandbox?: string;
  /** Only readers that are reached this way; every way when absent. */
  readonly via?: Via;
}

export const VIAS = ['pcsc', 'usb', 'hid'] as const;
export type Via = (typeof VIAS)[number];

export interface FoundSlot {
  readonly slot: CardSlot;
  readonly driven: Driven;
}

/** A sale, and the grid that goes on with it. */
export interface Sale {
  readonly plan: WritePlan;
  readonly authorise: WriteCardInit['authorise'];
}

/** Readers as they come and go. */
export interface OpenReaders {
  slots(): readonly FoundSlot[];
  onChange(listener: () => void): () => void;
  /** What could not be opened, and why. */
  readonly faults: readonly { readonly where: string; readonly error: unknown }[];
  /** The sale that waits for the simulated card. */
  readonly sample?: Sale;
  close(): Promise<void>;
}

/** The slot that a person means: by its number in `readers`, by part of its name, or the only one that can be meant. */
export async function chooseSlot(readers: OpenReaders, wanted: string | undefined): Promise<FoundSlot> {
  const slots = readers.slots();
  if (slots.length === 0) {
    throw new CliError({
      code: 'cli.no-reader',
      message: 'No reader was found; plug one in, or ask `bianmin-card doctor` what is in the way.',
      cause: readers.faults[0]?.error,
    });
  }
  const matching =
    wanted === undefined
      ? slots
      : /^\d+$/.test(wanted)
        ? slots.slice(Number(wanted) - 1, Number(wanted))
        : slots.filter(({ slot }) => slot.name.toLowerCase().includes(wanted.toLowerCase()));
  const [only, second] = matching;
  if (only !== undefined && second === undefined) return only;
  const present: FoundSlot[] = [];
  for (const found of matching) if (await found.slot.present()) present.push(found);
  const [holding, another] = present;
  if (holding !== undefined && another === undefined) return holding;
  throw new CliError({
    code: 'cli.which-reader',
    message:
      'It is not clear which reader is meant; name one by `--reader NUMBER`, as `readers` counts them.',
    context: { matching: matching.length, withCard: present.length },
  });
}
